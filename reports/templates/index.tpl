{{%AUTOESCAPE context="HTML"}}<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{HEADLINE}} – relapse {{RUN_ID}}</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<a class="skip" href="#main">Skip to the results</a>
<header>
<strong>relapse</strong>
<nav aria-label="Pages">
<ol>
<li><a href="index.html" aria-current="page">Run {{RUN_ID}}</a></li>
{{#NAV_RESULTS}}<li><a href="#results">Not holding ({{COUNT}})</a></li>{{/NAV_RESULTS}}
{{#NAV_MATRIX}}<li><a href="#matrix">Matrix</a></li>{{/NAV_MATRIX}}
<li><a href="#again">Run it again</a></li>
</ol>
</nav>
</header>
<main id="main">
<h1 class="{{TONE}}">{{HEADLINE}}</h1>
<p>{{COUNTS}}; {{DURATION}}{{#STARTED}}; started <time datetime="{{ISO}}">{{TEXT}}</time>{{/STARTED}}.</p>
{{#TARGET_LINE}}
<p class="where">Target <strong>{{NAME}}</strong>{{#ADDRESS}} at <code>{{TEXT}}</code>{{/ADDRESS}}{{#FAULT}}, with the fault <strong>{{TEXT}}</strong> switched on{{/FAULT}}{{#TITLE}}: {{TEXT}}{{/TITLE}}{{#UNVERIFIED}}. <strong>{{TEXT}}</strong>{{/UNVERIFIED}}</p>
{{/TARGET_LINE}}
{{#INTERRUPTED}}
<p class="warn"><strong>This run was interrupted.</strong> What did not run is not shown as holding.</p>
{{/INTERRUPTED}}
{{#ALL_HOLD}}
<p>Every scenario that ran holds.</p>
{{/ALL_HOLD}}
{{#RESULTS}}
<section id="results" aria-label="Results that do not hold">
{{#GROUP}}
<h2 class="{{TONE}}">{{HEADING}} ({{COUNT}})</h2>
{{#ENTRY}}
<article class="entry {{TONE}}">
<h3><span class="badge {{TONE}}">{{STATUS}}</span> <a href="s/{{SLUG}}.html">{{TITLE}}</a></h3>
<p class="where"><code>{{SCENARIO}}</code> on <strong>{{TARGET}}</strong>{{#ASGI}} · on the ASGI plane{{/ASGI}}{{#INCIDENT}} · {{TEXT}}{{/INCIDENT}}{{#SPEC}} · {{TEXT}}{{/SPEC}}{{#ATTEMPTS}} · {{TEXT}}{{/ATTEMPTS}}</p>
<dl class="pair">
{{#PAIR}}
<dt>Expected</dt><dd><code>{{EXPECTED}}</code></dd>
<dt>Observed</dt><dd class="observed"><code>{{OBSERVED}}</code></dd>
{{/PAIR}}
{{#REASON}}<dt>Reason</dt><dd>{{TEXT}}</dd>{{/REASON}}
{{#KNOWN}}<dt>Known</dt><dd>{{TEXT}}</dd>{{/KNOWN}}
{{#ALSO}}<dt>Also false</dt><dd>{{TEXT}}</dd>{{/ALSO}}
<dt>Again</dt><dd><code class="command">{{COMMAND}}</code></dd>
</dl>
</article>
{{/ENTRY}}
{{#MORE}}
<p>{{COUNT}} more without a page of their own: see the matrix below, <code>junit.xml</code> and <code>data/run.json</code>.</p>
{{/MORE}}
{{/GROUP}}
</section>
{{/RESULTS}}
{{#FORGOTTEN}}
<section aria-label="Known relapses that hold">
<h2>Listed as known, but holding ({{COUNT}})</h2>
<ul>
{{#ITEM}}
<li><code>{{SCENARIO}}</code> on <strong>{{TARGET}}</strong>: take it off the target's list. Listed because: {{REASON}}</li>
{{/ITEM}}
</ul>
</section>
{{/FORGOTTEN}}
{{#LATE}}
<section aria-label="Late faults in logs">
<h2>Told late by a log ({{COUNT}})</h2>
<p>These faults belong to a session before the one during which the log told them. No replay showed whose they are.</p>
<ul>
{{#ITEM}}
<li><strong>{{TARGET}}</strong>, while <code>{{SCENARIO}}</code> was replayed: {{REASON}}</li>
{{/ITEM}}
</ul>
</section>
{{/LATE}}
{{#SKIPPED}}
<section aria-label="Skipped results">
<h2>Skipped ({{COUNT}})</h2>
<ul>
{{#ITEM}}
<li><code>{{SCENARIO}}</code> on <strong>{{TARGET}}</strong>: {{REASON}}</li>
{{/ITEM}}
</ul>
</section>
{{/SKIPPED}}
{{#MATRIX}}
<section id="matrix" class="scroll" aria-label="Matrix of scenarios and targets" tabindex="0">
<h2>Matrix</h2>
<table class="matrix">
<caption>Scenario by target, worst first. ✓ Holds, ✗ Relapsed, ≈ Flaky, ? Inconclusive, – Skipped, ○ Not in this run.</caption>
<thead>
<tr><th scope="col">Scenario</th>{{#COLUMN}}<th scope="col">{{NAME}}{{#VERSION}}<br><span class="muted">{{TEXT}}</span>{{/VERSION}}</th>{{/COLUMN}}</tr>
</thead>
<tbody>
{{#LINE}}
{{#ROW}}
<tr><th scope="row"><code>{{SCENARIO}}</code></th>{{#CELL}}<td class="{{TONE}}">{{#LINKED}}<a href="s/{{SLUG}}.html">{{STATUS}}</a>{{/LINKED}}{{#PLAIN}}{{STATUS}}{{/PLAIN}}</td>{{/CELL}}</tr>
{{/ROW}}
{{#FOLDER}}
<tr class="folder"><th scope="row"><code>{{FOLDER_NAME}}</code> <span class="muted">({{COUNT}} scenarios)</span></th>{{#SUMMARY}}<td class="{{TONE}}">{{TEXT}}</td>{{/SUMMARY}}</tr>
{{#INSIDE}}
<tr class="inside"><td colspan="{{COLUMNS}}"><details><summary>Each of {{FOLDER_NAME}}</summary><div class="grids">
{{#GRID}}
<table class="grid"><caption>{{CAPTION}}</caption>
<thead><tr><th scope="col">{{CORNER}}</th>{{#KIND}}<th scope="col">{{NAME}}</th>{{/KIND}}</tr></thead>
<tbody>
{{#KEY}}
<tr><th scope="row">{{NAME}}</th>{{#SMALL}}{{#LINKED}}<td class="{{TONE}}"><a href="s/{{SLUG}}.html">{{SIGN}}<i> {{WORD}}</i></a></td>{{/LINKED}}{{#PLAIN}}<td class="{{TONE}}">{{SIGN}}<i> {{WORD}}</i></td>{{/PLAIN}}{{#NONE}}<td></td>{{/NONE}}{{/SMALL}}</tr>
{{/KEY}}
</tbody></table>
{{/GRID}}
</div></details></td></tr>
{{/INSIDE}}
{{/FOLDER}}
{{/LINE}}
</tbody>
</table>
{{#CLIPPED}}
<p>{{COUNT}} more scenarios, none of them worse than the last one shown, are left out to keep this page small; <code>data/run.json</code> has them all.</p>
{{/CLIPPED}}
</section>
{{/MATRIX}}
<section id="again" aria-label="How to run it again">
<h2>Run it again</h2>
{{#COMMAND_LINE}}<p><code class="command">{{TEXT}}</code></p>{{/COMMAND_LINE}}
<p>The same results for machines: <a href="junit.xml">junit.xml</a> and <a href="data/run.json">data/run.json</a>, which holds every timeline.</p>
</section>
</main>
<footer>
<p>relapse {{VERSION}} replays recorded failures against a running server and says, with evidence, whether each fix still holds.</p>
</footer>
</body>
</html>
