{{%AUTOESCAPE context="HTML"}}<h1>Do the fixes still hold? <span class="{{TONE}}">{{ANSWER}}</span></h1>
<p class="sentence">{{SENTENCE}}</p>
{{#NOTHING}}<p>{{TEXT}}</p>{{/NOTHING}}
{{#INCIDENTS}}
<section class="scroll" aria-label="Incidents" tabindex="0">
<h2>Incidents and their fixes</h2>
<table class="main-list">
<caption>Each incident that is guarded by a scenario, those that are broken now first.</caption>
<thead><tr><th scope="col">Incident</th><th scope="col">Now</th><th scope="col">Fix shipped</th><th scope="col">First guarded</th><th scope="col" class="number">Nights held</th><th scope="col">Last break</th><th scope="col">Guarded by</th></tr></thead>
<tbody>
{{#INCIDENT}}
<tr><th scope="row"><strong>{{REF}}</strong>{{#STORY}}<br><span class="muted">{{TEXT}}</span>{{/STORY}}</th><td class="{{TONE}}">{{NOW}}</td><td>{{FIX}}</td><td>{{FIRST}}</td><td class="number">{{HELD}}</td><td>{{BREAK}}</td><td>{{GUARDED}}</td></tr>
{{/INCIDENT}}
</tbody>
</table>
{{#REST}}<p>{{COUNT}} more, all of which hold, stand in <a href="data/report.json">data/report.json</a>.</p>{{/REST}}
</section>
{{/INCIDENTS}}
{{#WEEKS}}
<section class="scroll" aria-label="Weeks" tabindex="0">
<h2>Week by week</h2>
<table class="weeks">
<caption>Share of the replays that held, by family and week (its Monday); all complete runs.</caption>
<thead><tr><th scope="col">Family</th>{{#WEEK}}<th scope="col" class="number">{{NAME}}</th>{{/WEEK}}</tr></thead>
<tbody>
{{#FAMILY}}
<tr><th scope="row"><code>{{NAME}}</code></th>{{#CELL}}<td class="number {{TONE}}">{{TEXT}}</td>{{/CELL}}</tr>
{{/FAMILY}}
</tbody>
</table>
{{#REST}}<p>{{COUNT}} more families, whose replays all held, are left out.</p>{{/REST}}
</section>
{{/WEEKS}}
{{#LIBRARY}}
<section aria-labelledby="library-head">
<h2 id="library-head">Number of scenarios</h2>
{{INCLUDE chart}}
</section>
{{/LIBRARY}}
{{#RETIRED}}
<section aria-labelledby="retired-head">
<h2 id="retired-head">Retired scenarios ({{COUNT}})</h2>
<ul class="list">
{{#ITEM}}<li><code>{{NAME}}</code>: {{REASON}}; last run {{DATE}}</li>
{{/ITEM}}
{{#REST}}<li>and {{COUNT}} more: see <code>relapse history</code></li>{{/REST}}
</ul>
</section>
{{/RETIRED}}
