{{%AUTOESCAPE context="HTML"}}<h1>How the run went: <span class="{{TONE}}">{{HEADLINE}}</span></h1>
<p class="sentence">{{COUNTS}}.</p>
<section aria-labelledby="run-head">
<h2 id="run-head">The run</h2>
<dl class="facts">
<dt>Id</dt><dd><code>{{RUN_ID}}</code></dd>
{{#COMMAND_LINE}}<dt>Command</dt><dd><code class="command">{{TEXT}}</code></dd>{{/COMMAND_LINE}}
{{#FACT}}<dt>{{NAME}}</dt><dd>{{TEXT}}</dd>
{{/FACT}}
</dl>
</section>
{{#TARGETS}}
<section class="scroll" aria-label="Targets" tabindex="0">
<h2>Targets</h2>
<table>
<caption>What was under test, and how it is known.</caption>
<thead><tr><th scope="col">Target</th><th scope="col">Address</th><th scope="col">Version</th><th scope="col">In the baseline</th><th scope="col">Fault</th><th scope="col">TLS</th></tr></thead>
<tbody>
{{#TARGET}}
<tr><th scope="row"><strong>{{NAME}}</strong>{{#TITLE}}<br><span class="muted">{{TEXT}}</span>{{/TITLE}}</th><td class="address"><code>{{ADDRESS}}</code></td><td>{{VERSION}}</td><td>{{BEFORE}}</td><td>{{FAULT}}</td><td>{{TLS}}</td></tr>
{{/TARGET}}
</tbody>
</table>
</section>
{{/TARGETS}}
<section aria-labelledby="shares-head">
<h2 id="shares-head">Where the time went</h2>
{{#NO_CHART}}<p>{{TEXT}}</p>{{/NO_CHART}}
{{INCLUDE chart}}
</section>
{{#TABLE_OF}}
<section class="scroll" aria-label="{{HEADING}}" tabindex="0">
<h2>{{HEADING}} ({{COUNT}})</h2>
<table>
<caption>{{CAPTION}}</caption>
<thead><tr><th scope="col">Scenario@target</th><th scope="col">Verdict</th><th scope="col">{{WHAT_HEAD}}</th><th scope="col" class="number">{{NUMBER_HEAD}}</th></tr></thead>
<tbody>
{{#ROW}}
<tr><th scope="row">{{#LINKED}}<a href="s/{{SLUG}}.html">{{KEY}}</a>{{/LINKED}}{{#PLAIN}}<code>{{KEY}}</code>{{/PLAIN}}</th><td class="{{TONE}}">{{STATUS}}</td><td>{{WHAT}}</td><td class="number">{{NUMBER}}</td></tr>
{{/ROW}}
</tbody>
</table>
{{#REST}}<p>{{COUNT}} more: <a href="results/01.html">all results</a>, worst first.</p>{{/REST}}
</section>
{{/TABLE_OF}}
<section aria-labelledby="redacted-head">
<h2 id="redacted-head">Redactions</h2>
<p>{{REDACTED}}</p>
{{#RULES}}
<ul>
{{#RULE}}<li><code>{{NAME}}</code>: {{COUNT}}</li>
{{/RULE}}
</ul>
{{/RULES}}
</section>
{{#HISTORY_PROBLEMS}}
<section aria-labelledby="unread-head">
<h2 id="unread-head">Stored runs that could not be read ({{COUNT}})</h2>
<ul>
{{#ITEM}}<li><code>{{TEXT}}</code></li>
{{/ITEM}}
</ul>
</section>
{{/HISTORY_PROBLEMS}}
