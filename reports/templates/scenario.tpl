{{%AUTOESCAPE context="HTML"}}{{#OWN_PAGE}}<h1><span class="{{TONE}}">{{STATUS}}</span>: {{TITLE}}</h1>{{/OWN_PAGE}}{{#INSIDE_FILE}}<h2 id="{{P}}top"><span class="{{TONE}}">{{STATUS}}</span>: {{TITLE}}</h2>{{/INSIDE_FILE}}
<p class="where"><code>{{SCENARIO}}</code> on <strong>{{TARGET}}</strong>{{#ASGI}} · on the ASGI plane{{/ASGI}}{{#ATTEMPTS_TEXT}} · {{TEXT}}{{/ATTEMPTS_TEXT}}{{#TOOK}} · {{TEXT}}{{/TOOK}}</p>
{{#SINCE}}<p class="since"><strong class="{{TONE}}">{{LEAD}}</strong>{{TEXT}}</p>{{/SINCE}}
<div class="columns">
<div>
<dl class="pair">
{{#PAIR}}
<dt>Expected</dt><dd><code dir="ltr" translate="no">{{EXPECTED}}</code></dd>
<dt>Observed</dt><dd class="observed"><code dir="ltr" translate="no">{{OBSERVED}}</code>{{#EVENT}} <a href="#{{P}}e{{SEQ}}">event {{SEQ}}</a>, {{TIME}} s{{/EVENT}}</dd>
<dt>Claim</dt><dd>{{#STEP}}<a href="#{{P}}step-{{NUMBER}}">{{CLAIM}}</a>{{/STEP}}{{#NO_STEP}}{{CLAIM}}{{/NO_STEP}}</dd>
{{/PAIR}}
{{#REASON}}<dt>Reason</dt><dd>{{TEXT}}</dd>{{/REASON}}
{{#KNOWN}}<dt>Known</dt><dd>{{TEXT}}</dd>{{/KNOWN}}
{{#ALSO}}<dt>Also false</dt><dd>{{TEXT}}</dd>{{/ALSO}}
{{#PLACE}}<dt>Written in</dt><dd><code>{{TEXT}}</code></dd>{{/PLACE}}
</dl>
<section class="panel" aria-label="Run this one again{{OF}}">
<h2>Run this one again</h2>
<p><code class="command">{{COMMAND}}</code></p>
<p><code class="command">{{SHOW_COMMAND}}</code></p>
<p class="muted">relapse {{VERSION}}{{#DIGEST}}, scenario {{TEXT}}{{/DIGEST}}</p>
</section>
{{#INCIDENT}}
<section aria-label="Incident{{OF}}">
<h2>Incident</h2>
{{#STORY}}<p>{{TEXT}}</p>{{/STORY}}
<dl>
{{#REF}}<dt>Reference</dt><dd>{{#LINK}}<a href="{{URL}}" rel="noreferrer">{{URL}}</a>{{/LINK}}{{#TEXT_ONLY}}{{TEXT}}{{/TEXT_ONLY}}</dd>{{/REF}}
{{#SEEN}}<dt>Seen</dt><dd>{{TEXT}}</dd>{{/SEEN}}
{{#EVIDENCE}}<dt>Evidence</dt><dd><code>{{TEXT}}</code></dd>{{/EVIDENCE}}
{{#FIX}}<dt>Fix</dt><dd>{{TEXT}}</dd>{{/FIX}}
{{#SPEC}}<dt>Standard</dt><dd>{{TEXT}}</dd>{{/SPEC}}
</dl>
</section>
{{/INCIDENT}}
</div>
{{#DIAGRAM}}
<section class="scroll" aria-label="Sequence diagram{{OF}}" tabindex="0">
<h2>The exchange</h2>
<svg viewBox="0 0 720 {{HEIGHT}}" width="720" height="{{HEIGHT}}" role="img" aria-labelledby="{{P}}diagram-title {{P}}diagram-text">
<title id="{{P}}diagram-title">Sequence of the exchange between {{LEFT}} and {{RIGHT}}</title>
<desc id="{{P}}diagram-text">{{SUMMARY}} The table below lists the same events.</desc>
<g font-family="monospace" font-size="12" fill="currentColor" stroke="none">
<text x="70" y="14" font-weight="bold">{{LEFT}}</text>
<text x="570" y="14" font-weight="bold" text-anchor="end">{{RIGHT}}</text>
<line x1="74" y1="20" x2="74" y2="{{BOTTOM}}" stroke="currentColor" stroke-width="1"/>
<line x1="566" y1="20" x2="566" y2="{{BOTTOM}}" stroke="currentColor" stroke-width="1"/>
{{#ROW}}
<g class="{{CLASS}}">
<text x="64" y="{{LABEL_Y}}" font-size="10" text-anchor="end">{{TIME}}</text>
{{#ARROW}}
<line x1="{{X1}}" y1="{{Y}}" x2="{{X2}}" y2="{{Y}}" stroke="currentColor" stroke-width="{{WIDTH}}"/>
<polygon points="{{TIP_X}},{{Y}} {{BACK_X}},{{UP_Y}} {{BACK_X}},{{DOWN_Y}}"/>
{{/ARROW}}
{{#DOUBLE}}
<line x1="{{X1}}" y1="{{UPPER_Y}}" x2="{{X2}}" y2="{{UPPER_Y}}" stroke="currentColor" stroke-width="2.5"/>
<line x1="{{X1}}" y1="{{LOWER_Y}}" x2="{{X2}}" y2="{{LOWER_Y}}" stroke="currentColor" stroke-width="2.5"/>
<polygon points="{{TIP_X}},{{Y}} {{BACK_X}},{{UP_Y}} {{BACK_X}},{{DOWN_Y}}"/>
{{/DOUBLE}}
{{#DASHED}}
<line x1="{{X1}}" y1="{{Y}}" x2="{{X2}}" y2="{{Y}}" stroke="currentColor" stroke-width="1.5" stroke-dasharray="6 5"/>
{{/DASHED}}
{{#CROSS}}
<line x1="{{X_LEFT}}" y1="{{UP_Y}}" x2="{{X_RIGHT}}" y2="{{DOWN_Y}}" stroke="currentColor" stroke-width="2"/>
<line x1="{{X_LEFT}}" y1="{{DOWN_Y}}" x2="{{X_RIGHT}}" y2="{{UP_Y}}" stroke="currentColor" stroke-width="2"/>
{{/CROSS}}
{{#DOT}}
<circle cx="{{X}}" cy="{{Y}}" r="4"/>
{{/DOT}}
<text x="82" y="{{TEXT_Y}}" font-weight="{{WEIGHT}}">{{LABEL}}</text>
{{#MARK}}<text x="576" y="{{LABEL_Y}}" font-weight="bold">{{TEXT}}</text>{{/MARK}}
{{#UNEXPECTED}}<text x="590" y="{{MARK_Y}}">unexpected</text>{{/UNEXPECTED}}
</g>
{{/ROW}}
</g>
</svg>
</section>
{{/DIAGRAM}}
{{#NO_EXCHANGE}}
<section aria-label="The exchange{{OF}}">
<h2>The exchange</h2>
<p>Nothing was exchanged with the target.</p>
</section>
{{/NO_EXCHANGE}}
</div>
{{#CURVE}}
<section class="scroll" aria-label="Sweep{{OF}}" tabindex="0">
<h2>Sweep</h2>
<p>{{SUMMARY}}.</p>
<svg viewBox="0 0 680 150" width="680" height="150" role="img" aria-labelledby="{{P}}curve-title {{P}}curve-text">
<title id="{{P}}curve-title">Share of the replays that held, from {{FROM}} to {{TO}}</title>
<desc id="{{P}}curve-text">{{SUMMARY}}. The table below lists every point.</desc>
<g font-family="monospace" font-size="12" fill="currentColor" stroke="none">
<text x="52" y="34" text-anchor="end">all</text>
<text x="52" y="124" text-anchor="end">none</text>
<line x1="60" y1="30" x2="620" y2="30" stroke="currentColor" stroke-width="1" stroke-dasharray="2 4"/>
<line x1="60" y1="120" x2="620" y2="120" stroke="currentColor" stroke-width="1"/>
<text x="60" y="142">{{FROM}}</text>
<text x="620" y="142" text-anchor="end">{{TO}}</text>
{{#LINE}}
<polyline points="{{POINTS}}" fill="none" stroke="currentColor" stroke-width="1.5"/>
{{/LINE}}
{{#DOT}}
<circle cx="{{X}}" cy="{{Y}}" r="3"/>
{{/DOT}}
{{#MARK}}
<g class="{{CLASS}}"><text x="{{X}}" y="{{Y}}" font-size="15" font-weight="bold" text-anchor="middle">{{SIGN}}</text></g>
{{/MARK}}
</g>
</svg>
<details>
<summary>Every point</summary>
<table>
<caption>The replays at each point of the sweep.</caption>
<thead>
<tr><th scope="col" class="number">Pause</th><th scope="col">Verdict</th><th scope="col" class="number">Held</th><th scope="col" class="number">Relapsed</th><th scope="col" class="number">Inconclusive</th></tr>
</thead>
<tbody>
{{#POINT}}
<tr><th scope="row" class="number">{{AT}}</th><td class="{{TONE}} badge">{{STATUS}}</td><td class="number">{{HELD}}</td><td class="number">{{RELAPSED}}</td><td class="number">{{INCONCLUSIVE}}</td></tr>
{{/POINT}}
</tbody>
</table>
</details>
</section>
{{/CURVE}}
{{#EVENTS}}
<section class="scroll" aria-label="Events{{OF}}" tabindex="0">
<h2>Events</h2>
<table>
<caption>Everything between {{LEFT}} and {{RIGHT}}, in order. Times in seconds since the start.</caption>
<thead>
<tr><th scope="col" class="number">#</th><th scope="col" class="number">Time</th><th scope="col" class="number">After</th><th scope="col">Direction</th><th scope="col">Event</th><th scope="col">Verdict</th></tr>
</thead>
<tbody>
{{#EVENT_ROW}}
{{#STEP}}
<tr class="step"{{#FIRST}} id="{{P}}step-{{NUMBER}}"{{/FIRST}}><th scope="colgroup" colspan="6">{{NAME}}: {{TEXT}}{{#FILE_LINE}} <span class="muted">(line {{LINE}})</span>{{/FILE_LINE}}</th></tr>
{{/STEP}}
{{#EVENT}}
<tr id="{{P}}e{{SEQ}}" class="{{CLASS}}"><td class="number">{{SEQ}}</td><td class="number">{{TIME}}</td><td class="number">{{AFTER}}</td><td>{{DIRECTION}}</td><td><code dir="ltr" translate="no">{{TEXT}}</code>{{#TRACE}}<details><summary>Traceback, {{COUNT}} lines</summary><pre>{{#PART}}{{TEXT}}
{{/PART}}</pre></details>{{/TRACE}}</td><td>{{NOTE}}</td></tr>
{{/EVENT}}
{{#FOLDED}}
<tr><td class="number"></td><td class="number"></td><td class="number"></td><td></td><td>⋯ {{TEXT}}</td><td></td></tr>
{{/FOLDED}}
{{/EVENT_ROW}}
</tbody>
</table>
</section>
{{/EVENTS}}
{{#DIFF}}
<section class="scroll" aria-label="Expected and observed{{OF}}" tabindex="0">
<h2>Expected and observed, side by side</h2>
<p class="muted">{{NOTE}}. Written in <code>{{PLACE}}</code>.</p>
<pre class="diff" dir="ltr" translate="no">
{{#LINE}}{{#SAME}}  {{TEXT}}{{/SAME}}{{#REMOVED}}<del>- {{#PART}}{{#EQUAL}}{{TEXT}}{{/EQUAL}}{{#DIFFERENT}}<strong>{{TEXT}}</strong>{{/DIFFERENT}}{{/PART}}</del>{{/REMOVED}}{{#ADDED}}<ins>+ {{#PART}}{{#EQUAL}}{{TEXT}}{{/EQUAL}}{{#DIFFERENT}}<strong>{{TEXT}}</strong>{{/DIFFERENT}}{{/PART}}</ins>{{/ADDED}}
{{/LINE}}</pre>
</section>
{{/DIFF}}
{{#CLAIMS}}
<section class="scroll" aria-label="Claims{{OF}}" tabindex="0">
<h2>Claims</h2>
<table>
<caption>Every claim of the scenario, as judged on this attempt.</caption>
<thead>
<tr><th scope="col">Verdict</th><th scope="col">Claim</th><th scope="col">Expected</th><th scope="col">Observed</th><th scope="col">Written in</th></tr>
</thead>
<tbody>
{{#CLAIM}}
<tr><td class="{{TONE}} badge">{{STATUS}}</td><th scope="row">{{NAME}}</th><td><code>{{EXPECTED}}</code></td><td><code>{{OBSERVED}}</code></td><td><code>{{PLACE}}</code></td></tr>
{{/CLAIM}}
</tbody>
</table>
</section>
{{/CLAIMS}}
{{#CALLS}}
<section class="scroll" aria-label="Calls{{OF}}" tabindex="0">
<h2>Calls of the application</h2>
<table>
<caption>How each call was answered, and how it ended.</caption>
<thead>
<tr><th scope="col">Call</th><th scope="col">First answer</th><th scope="col" class="number">Messages sent</th><th scope="col">Client</th><th scope="col">End</th><th scope="col" class="number">Ended at</th></tr>
</thead>
<tbody>
{{#CALL}}
<tr><th scope="row"><a href="#{{P}}e{{SEQ}}">{{LANE}}</a></th><td><code>{{ANSWER}}</code></td><td class="number">{{SENDS}}</td><td><code>{{CLIENT}}</code></td><td><code>{{END}}</code></td><td class="number">{{ENDED}}</td></tr>
{{/CALL}}
</tbody>
</table>
{{#SCOPE}}
<h3>Scope of {{LANE}}, event {{SEQ}}</h3>
<p class="muted">What is bold differs from the valid scope.</p>
<pre translate="no">
{{#SCOPE_LINE}}{{#SAME}}{{TEXT}}
{{/SAME}}{{#CHANGED}}<strong class="changed">{{TEXT}}</strong>
{{/CHANGED}}{{/SCOPE_LINE}}</pre>
{{/SCOPE}}
</section>
{{/CALLS}}
{{#CLOSES}}
<section class="scroll" aria-label="Close behaviour{{OF}}" tabindex="0">
<h2>Close behaviour</h2>
<table>
<caption>How each connection ended. Clean: a Close frame both ways, then the target's FIN (RFC 6455 section 7.1.4).</caption>
<thead>
<tr><th scope="col">Connection</th><th scope="col">Close sent first by</th><th scope="col">By replayer</th><th scope="col">By target</th><th scope="col">Clean</th><th scope="col">TCP end</th><th scope="col">Deadlines hit</th><th scope="col" class="number">Ended at</th></tr>
</thead>
<tbody>
{{#CLOSE}}
<tr><th scope="row">{{LANE}}</th><td>{{FIRST}}</td><td><code>{{SENT}}</code></td><td><code>{{RECEIVED}}</code></td><td>{{CLEAN}}</td><td>{{TCP}}</td><td>{{WAITS}}</td><td class="number">{{ENDED}}</td></tr>
{{/CLOSE}}
</tbody>
</table>
</section>
{{/CLOSES}}
{{#BYTES}}
<section class="scroll" aria-label="Bytes{{OF}}" tabindex="0">
<h2>Bytes</h2>
<p class="muted">{{NOTE}}.</p>
{{#MESSAGE}}
<details{{#OPEN}} open{{/OPEN}}>
<summary>{{#MARKED}}<strong class="bad">✗</strong> {{/MARKED}}Event {{SEQ}}: {{TEXT}}</summary>
{{#HEAD}}<p><code>{{OCTETS}}</code> {{MEANING}}</p>{{/HEAD}}
{{#BLOCK}}
<table class="hex">
<caption>{{NAME}}, {{SIZE}}</caption>
<thead><tr><th scope="col">Offset</th><th scope="col">16 octets</th><th scope="col">Text</th></tr></thead>
<tbody>
{{#ROW}}
{{#LINE}}<tr><th scope="row">{{OFFSET}}</th><td>{{HEX}}</td><td>{{READABLE}}</td></tr>{{/LINE}}{{#MARKED_LINE}}<tr class="evidence"><th scope="row">{{OFFSET}}</th><td>{{HEX}}</td><td>{{READABLE}}</td></tr>{{/MARKED_LINE}}{{#CUT}}<tr><td colspan="3">⋯ {{TEXT}}</td></tr>{{/CUT}}
{{/ROW}}
</tbody>
</table>
{{/BLOCK}}
</details>
{{/MESSAGE}}
{{#REST}}<p>{{TEXT}}</p>{{/REST}}
{{#EVIDENCE_FILE}}<p>All octets: <a href="../evidence/{{SLUG}}.txt">evidence/{{SLUG}}.txt</a></p>{{/EVIDENCE_FILE}}
</section>
{{/BYTES}}
<section class="scroll" aria-label="Server log{{OF}}" tabindex="0">
<h2>Server log</h2>
<p class="muted">{{LOG_STATE}}.{{#LOG_CLIPPED}} {{COUNT}} of {{TOTAL}} entries are shown: those that are evidence or read like errors first.{{/LOG_CLIPPED}}</p>
{{#LOG}}
<table>
<caption>Entries between the start and the end of this attempt, by the time at which the harness read them.</caption>
<thead>
<tr><th scope="col" class="number">#</th><th scope="col" class="number">Time</th><th scope="col">During</th><th scope="col">Connection</th><th scope="col">Entry</th></tr>
</thead>
<tbody>
{{#LINE}}
<tr id="{{P}}l{{SEQ}}" class="{{CLASS}}"><td class="number">{{SEQ}}</td><td class="number">{{TIME}}</td><td>{{STEP}}</td><td>{{OWNER}}</td><td>{{#MARKED}}<strong class="bad">✗</strong> {{/MARKED}}<code dir="ltr" translate="no">{{TEXT}}</code>{{#WHOLE}}<details><summary>All {{COUNT}} lines</summary><pre>{{#PART}}{{TEXT}}
{{/PART}}</pre></details>{{/WHOLE}}</td></tr>
{{/LINE}}
</tbody>
</table>
{{/LOG}}
</section>
{{#ATTEMPTS}}
<section aria-label="All attempts{{OF}}">
<h2>All attempts</h2>
{{#ATTEMPT}}
<details class="attempt">
<summary>{{NUMBER}}. <span class="{{TONE}}">{{STATUS}}</span>{{#POINT}} at {{TEXT}}{{/POINT}}, {{DURATION}}{{#SHOWN}} (shown above){{/SHOWN}}{{#WHY}}: {{TEXT}}{{/WHY}}</summary>
{{#EXCHANGE}}<pre dir="ltr" translate="no">
{{#LINE}}{{TEXT}}
{{/LINE}}</pre>{{/EXCHANGE}}
</details>
{{/ATTEMPT}}
{{#MORE}}
<p class="muted">⋯ {{COUNT}} more, left out to keep this page small</p>
{{/MORE}}
</section>
{{/ATTEMPTS}}
<section aria-label="History{{OF}}">
<h2>The nights before</h2>
{{#NO_HISTORY}}<p>{{TEXT}}</p>{{/NO_HISTORY}}
{{INCLUDE chart}}
{{#BAD_NIGHTS}}
<p>Look at those nights:</p>
<ul>
{{#NIGHT}}<li><code class="command">{{COMMAND}}</code> {{TEXT}}</li>
{{/NIGHT}}
</ul>
{{/BAD_NIGHTS}}
</section>
{{#NEIGHBOURS}}
<nav aria-label="Neighbours">
<ol>
{{#PREVIOUS}}<li><a href="{{SLUG}}.html" rel="prev">Previous: {{SCENARIO}}</a></li>{{/PREVIOUS}}
{{#NEXT}}<li><a href="{{SLUG}}.html" rel="next">Next: {{SCENARIO}}</a></li>{{/NEXT}}
</ol>
</nav>
{{/NEIGHBOURS}}
