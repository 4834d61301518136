{{%AUTOESCAPE context="HTML"}}<h1>Scenarios by target</h1>
<p class="sentence">{{COUNTS}}. Families with the worst results first.</p>
<p><a href="01.html">All results in one list</a></p>
{{#SEVERAL}}
<nav aria-label="Pages of the matrix">
<ol class="pages">
{{#PAGE}}<li><a href="{{NAME}}.html"{{#CURRENT}} aria-current="page"{{/CURRENT}}>{{NUMBER}}</a></li>{{/PAGE}}
</ol>
</nav>
{{/SEVERAL}}
<p class="legend">Legend: <span class="holds">✓ Holds</span> <span class="relapsed">✗ Relapsed</span> <span class="known">✗ Known relapse</span> <span class="flaky">≈ Flaky</span> <span class="inconclusive">? Inconclusive</span> <span class="skipped">○ Not run</span> <span class="skipped">– Skipped</span></p>
<fieldset class="filter"><legend>Rows</legend>
<label><input type="radio" name="rows" id="rows-all" checked> All</label>
<label><input type="radio" name="rows" id="rows-failing"> Not holding</label>
<label><input type="radio" name="rows" id="rows-changed"> Changed</label>
</fieldset>
{{#FAMILY}}
<section id="{{ANCHOR}}" class="scroll" aria-label="{{NAME}}" tabindex="0">
<h2><code>{{NAME}}</code>{{#CONTINUED}} <span class="muted">(continued)</span>{{/CONTINUED}}</h2>
<table class="matrix">
<caption>{{CAPTION}}</caption>
<thead>
<tr><th scope="col">Scenario</th>{{#COLUMN}}<th scope="col">{{NAME}}</th>{{/COLUMN}}</tr>
</thead>
<tbody>
{{#ROW}}
<tr{{#CLASSED}} class="{{CLASS}}"{{/CLASSED}}><th scope="row"><code>{{SCENARIO}}</code></th>{{#CELL}}<td class="{{TONE}}">{{#LINKED}}<a href="../s/{{SLUG}}.html">{{STATUS}}</a>{{/LINKED}}{{#PLAIN}}{{STATUS}}{{/PLAIN}}</td>{{/CELL}}</tr>
{{/ROW}}
</tbody>
</table>
</section>
{{/FAMILY}}
