{{%AUTOESCAPE context="HTML"}}<h1 class="{{TONE}}">{{HEADLINE}}</h1>
<p class="sentence">{{WHERE}}. {{COUNTS}}; {{DURATION}}{{#STARTED}}; started <time datetime="{{ISO}}">{{TEXT}}</time>{{#AGE}} ({{TEXT}} at report time){{/AGE}}{{/STARTED}}{{#BASELINE}}; compared with run {{RUN}} of <time datetime="{{ISO}}">{{TEXT}}</time>{{/BASELINE}}.</p>
{{#TARGET_LINE}}
<p class="where">Target <strong>{{NAME}}</strong>{{#ADDRESS}} at <code>{{TEXT}}</code>{{/ADDRESS}}{{#FAULT}}, with the fault <strong>{{TEXT}}</strong> switched on{{/FAULT}}{{#TITLE}}: {{TEXT}}{{/TITLE}}{{#UNVERIFIED}}. <strong>{{TEXT}}</strong>{{/UNVERIFIED}}</p>
{{/TARGET_LINE}}
{{#MORE_TARGETS}}<p class="where">More targets of that kind: see <a href="run.html">the run</a>.</p>{{/MORE_TARGETS}}
{{#BANNER}}
<p class="banner"><strong>{{LEAD}}</strong> {{TEXT}}</p>
{{/BANNER}}
{{#ALL_HOLD}}
<p>Every scenario that ran holds.</p>
{{/ALL_HOLD}}
{{#CHANGED}}
<section id="changed" aria-labelledby="changed-head">
<h2 id="changed-head">{{HEADING}}</h2>
{{#GROUP}}
<h3 class="{{TONE}}">{{NAME}} ({{COUNT}})</h3>
{{#ENTRY}}
<article class="entry {{TONE}}">
<h4><span class="badge {{TONE}}">{{STATUS}}</span> {{#LINKED}}<a href="s/{{SLUG}}.html">{{TITLE}}</a>{{/LINKED}}{{#PLAIN}}{{TITLE}}{{/PLAIN}}{{#MANY}} <span class="many">— {{TEXT}}</span>{{/MANY}}</h4>
<p class="where"><code>{{SCENARIO}}</code> on <strong>{{TARGET}}</strong>{{#ASGI}} · on the ASGI plane{{/ASGI}}{{#INCIDENT}} · {{TEXT}}{{/INCIDENT}}{{#SPEC}} · {{TEXT}}{{/SPEC}}{{#ATTEMPTS}} · {{TEXT}}{{/ATTEMPTS}}</p>
<dl class="pair">
{{#PAIR}}
<dt>Expected</dt><dd><code dir="ltr" translate="no">{{EXPECTED}}</code></dd>
<dt>Observed</dt><dd class="observed"><code dir="ltr" translate="no">{{OBSERVED}}</code></dd>
{{/PAIR}}
{{#REASON}}<dt>Reason</dt><dd>{{TEXT}}</dd>{{/REASON}}
{{#SINCE}}<dt>Since</dt><dd>{{TEXT}}</dd>{{/SINCE}}
{{#NOTE}}<dt>Note</dt><dd>{{TEXT}}</dd>{{/NOTE}}
{{#KNOWN}}<dt>Known</dt><dd>{{TEXT}}</dd>{{/KNOWN}}
{{#ALSO}}<dt>Also false</dt><dd>{{TEXT}}</dd>{{/ALSO}}
<dt>Again</dt><dd><code class="command">{{COMMAND}}</code></dd>
</dl>
{{#SAME}}
<details>
<summary>{{COUNT}} results with this failure</summary>
<ul>
{{#SAME_ITEM}}
<li>{{#SAME_LINKED}}<a href="s/{{SLUG}}.html">{{SCENARIO}}</a>{{/SAME_LINKED}}{{#SAME_PLAIN}}<code>{{SCENARIO}}</code>{{/SAME_PLAIN}} on {{TARGET}}</li>
{{/SAME_ITEM}}
{{#REST}}<li>and {{COUNT}} more: <a href="results/01.html">all results</a>, worst first</li>{{/REST}}
</ul>
</details>
{{/SAME}}
</article>
{{/ENTRY}}
{{#LIST}}
{{#FOLDED}}<details><summary>Show them</summary>{{/FOLDED}}
<ul class="list">
{{#ITEM}}
<li>{{#LINKED}}<a href="s/{{SLUG}}.html">{{SCENARIO}}</a>{{/LINKED}}{{#PLAIN}}<code>{{SCENARIO}}</code>{{/PLAIN}}{{#ON}} on <strong>{{TEXT}}</strong>{{/ON}}{{#TEXT}}: {{TEXT}}{{/TEXT}}</li>
{{/ITEM}}
</ul>
{{#FOLDED_END}}</details>{{/FOLDED_END}}
{{/LIST}}
{{#MORE}}
<p>{{COUNT}} more: <a href="results/01.html">all results</a>, worst first.</p>
{{/MORE}}
{{/GROUP}}
</section>
{{/CHANGED}}
{{#STILL}}
<section id="still" aria-labelledby="still-head">
<h2 id="still-head" class="warn">Still failing ({{COUNT}})</h2>
<ul class="list">
{{#ITEM}}
<li><span class="badge {{TONE}}">{{STATUS}}</span> {{#LINKED}}<a href="s/{{SLUG}}.html">{{TITLE}}</a>{{/LINKED}}{{#PLAIN}}{{TITLE}}{{/PLAIN}}{{#MANY}} <span class="many">— {{TEXT}}</span>{{/MANY}}<br><code>{{SCENARIO}}</code> on <strong>{{TARGET}}</strong>{{#SINCE}} · {{TEXT}}{{/SINCE}}{{#OWNER}} · owner <strong>{{TEXT}}</strong>{{/OWNER}}{{#UNTIL}} · acknowledged until <time datetime="{{TEXT}}">{{TEXT}}</time>{{/UNTIL}}{{#OPEN}} · <strong>{{TEXT}}</strong>{{/OPEN}}{{#KNOWN}}<br>{{TEXT}}{{/KNOWN}}{{#SAYS}}<br><code dir="ltr" translate="no">{{TEXT}}</code>{{/SAYS}}
{{#SAME}}
<details>
<summary>{{COUNT}} results with this failure</summary>
<ul>
{{#SAME_ITEM}}
<li>{{#SAME_LINKED}}<a href="s/{{SLUG}}.html">{{SCENARIO}}</a>{{/SAME_LINKED}}{{#SAME_PLAIN}}<code>{{SCENARIO}}</code>{{/SAME_PLAIN}} on {{TARGET}}</li>
{{/SAME_ITEM}}
{{#REST}}<li>and {{COUNT}} more: <a href="results/01.html">all results</a>, worst first</li>{{/REST}}
</ul>
</details>
{{/SAME}}
</li>
{{/ITEM}}
</ul>
{{#MORE}}
<p>{{COUNT}} more: <a href="results/01.html">all results</a>, worst first.</p>
{{/MORE}}
</section>
{{/STILL}}
{{#ASIDE}}
<section aria-labelledby="{{ID}}">
<h2 id="{{ID}}">{{HEADING}} ({{COUNT}})</h2>
{{#TEXT}}<p>{{TEXT}}</p>{{/TEXT}}
{{#FOLDED}}<details><summary>Show them</summary>{{/FOLDED}}
<ul class="list">
{{#ITEM}}
<li><code>{{SCENARIO}}</code> on <strong>{{TARGET}}</strong>: {{REASON}}</li>
{{/ITEM}}
{{#REST}}<li>and {{COUNT}} more: <a href="results/01.html">all results</a></li>{{/REST}}
</ul>
{{#FOLDED_END}}</details>{{/FOLDED_END}}
</section>
{{/ASIDE}}
{{#MATRIX}}
<section id="matrix" aria-labelledby="matrix-head">
<h2 id="matrix-head">Families and targets</h2>
<p class="legend">Legend: <span class="holds">✓ Holds</span> <span class="relapsed">✗ Relapsed</span> <span class="known">✗ Known relapse</span> <span class="flaky">≈ Flaky</span> <span class="inconclusive">? Inconclusive</span> <span class="skipped">○ Not run</span> <span class="skipped">– Skipped</span></p>
<fieldset class="filter"><legend>Rows</legend>
<label><input type="radio" name="rows" id="rows-all" checked> All</label>
<label><input type="radio" name="rows" id="rows-failing"> Not holding</label>
<label><input type="radio" name="rows" id="rows-changed"> Changed</label>
</fieldset>
<section class="scroll" aria-label="Matrix of families and targets" tabindex="0">
<table class="matrix">
<caption>Each family of scenarios on each target. A cell leads to its scenarios.</caption>
<thead>
<tr><th scope="col">Family</th>{{#COLUMN}}<th scope="col">{{NAME}}{{#VERSION}}<br><span class="muted">{{TEXT}}</span>{{/VERSION}}</th>{{/COLUMN}}</tr>
</thead>
<tbody>
{{#ROW}}
<tr class="{{CLASS}}"><th scope="row"><code>{{FAMILY}}</code></th>{{#CELL}}<td class="{{TONE}}">{{#LINKED}}<a href="results/{{PAGE}}.html#{{ANCHOR}}">{{TEXT}}</a>{{/LINKED}}{{#PLAIN}}{{TEXT}}{{/PLAIN}}</td>{{/CELL}}</tr>
{{/ROW}}
</tbody>
</table>
</section>
{{#CLIPPED}}
<p>{{COUNT}} more families, none of them worse than the last one shown, stand on <a href="results/matrix-01.html">the pages of all scenarios and targets</a>.</p>
{{/CLIPPED}}
</section>
{{/MATRIX}}
<section id="trends" aria-labelledby="trends-head">
<h2 id="trends-head">{{TRENDS_HEADING}}</h2>
{{#TRENDS_NONE}}<p>{{TEXT}}</p>{{/TRENDS_NONE}}
{{INCLUDE chart}}
{{#DURATIONS}}
<section class="scroll" aria-label="Durations by family" tabindex="0">
<table>
<caption>How long a result takes, by family: the median and the 95th percentile of this run, and the 95th percentile over the nights.</caption>
<thead><tr><th scope="col">Family</th><th scope="col" class="number">p50</th><th scope="col" class="number">p95</th><th scope="col" class="number">p95, least and most</th><th scope="col">p95 of each night</th></tr></thead>
<tbody>
{{#FAMILY}}
<tr><th scope="row"><code>{{NAME}}</code></th><td class="number">{{P50}}</td><td class="number">{{P95}}</td><td class="number">{{RANGE}}</td><td>{{#SPARK}}<svg class="spark" viewBox="0 0 124 22" width="124" height="22" role="img" aria-label="{{LABEL}}"><polyline points="{{POINTS}}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>{{/SPARK}}</td></tr>
{{/FAMILY}}
</tbody>
</table>
</section>
{{/DURATIONS}}
</section>
<section id="again" aria-labelledby="again-head">
<h2 id="again-head">Run it again</h2>
{{#COMMAND_LINE}}<p><code class="command">{{TEXT}}</code></p>{{/COMMAND_LINE}}
<p>For machines: <a href="junit.xml">junit.xml</a>, <a href="summary.md">summary.md</a> and <a href="data/report.json">data/report.json</a>, from which these pages can be made again (<code>relapse report</code>).</p>
<p>{{REDACTED}}</p>
</section>
