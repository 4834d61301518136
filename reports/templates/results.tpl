{{%AUTOESCAPE context="HTML"}}<h1>{{HEADING}}</h1>
<p class="sentence">{{COUNTS}}. Worst first; results {{FIRST}} to {{LAST}} of {{ALL}}.</p>
<p><a href="matrix-01.html">All scenarios by target</a></p>
{{#SEVERAL}}
<nav aria-label="Pages of results">
<ol class="pages">
{{#PAGE}}<li><a href="{{NAME}}.html"{{#CURRENT}} aria-current="page"{{/CURRENT}}>{{NUMBER}}</a></li>{{/PAGE}}
</ol>
</nav>
{{/SEVERAL}}
<fieldset class="filter"><legend>Rows</legend>
<label><input type="radio" name="rows" id="rows-all" checked> All</label>
<label><input type="radio" name="rows" id="rows-failing"> Not holding</label>
<label><input type="radio" name="rows" id="rows-changed"> Changed</label>
</fieldset>
<section class="scroll" aria-label="Results" tabindex="0">
<table class="results main-list">
<caption>Results {{FIRST}} to {{LAST}} of {{ALL}}. Where a scenario is no link, <code>relapse show {{RUN_ID}} SCENARIO@TARGET --html</code> makes its page.</caption>
<thead>
<tr><th scope="col">Verdict</th><th scope="col">Scenario@target</th><th scope="col">What was seen</th><th scope="col" class="number">Took</th></tr>
</thead>
<tbody>
{{#ROW}}
<tr{{#CLASSED}} class="{{CLASS}}"{{/CLASSED}}><td class="{{TONE}}">{{STATUS}}</td><th scope="row">{{#LINKED}}<a href="../s/{{SLUG}}.html">{{KEY}}</a>{{/LINKED}}{{#PLAIN}}<code>{{KEY}}</code>{{/PLAIN}}</th><td>{{WHAT}}{{#COMMAND}}<br><code class="command">{{TEXT}}</code>{{/COMMAND}}</td><td class="number">{{TOOK}}</td></tr>
{{/ROW}}
</tbody>
</table>
</section>
