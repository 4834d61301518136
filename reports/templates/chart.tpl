{{#CHART}}
<figure class="chart">
<svg viewBox="0 0 {{WIDTH}} {{HEIGHT}}" width="{{WIDTH}}" height="{{HEIGHT}}" role="img" aria-labelledby="{{P}}{{ID}}-title {{P}}{{ID}}-desc">
<title id="{{P}}{{ID}}-title">{{TITLE}}</title>
<desc id="{{P}}{{ID}}-desc">{{DESC}}</desc>
<g font-family="monospace" font-size="11" fill="currentColor" stroke="none">
{{#MARK}}
{{#BAR}}<rect class="{{CLASS}}" x="{{X}}" y="{{Y}}" width="{{W}}" height="{{H}}"/>{{/BAR}}{{#HOLLOW}}<rect class="{{CLASS}}" x="{{X}}" y="{{Y}}" width="{{W}}" height="{{H}}" fill="none" stroke="currentColor" stroke-width="1"/>{{/HOLLOW}}{{#RULE}}<line class="{{CLASS}}" x1="{{X}}" y1="{{Y}}" x2="{{X2}}" y2="{{Y2}}" stroke="currentColor" stroke-width="1"/>{{/RULE}}{{#LINE}}<polyline class="{{CLASS}}" points="{{POINTS}}" fill="none" stroke="currentColor" stroke-width="1.5"/>{{/LINE}}{{#LABEL}}<text class="{{CLASS}}" x="{{X}}" y="{{Y}}" text-anchor="{{ANCHOR}}">{{TEXT}}</text>{{/LABEL}}
{{/MARK}}
</g>
</svg>
<figcaption>{{DESC}}</figcaption>
</figure>
{{#TABLE}}
<details>
<summary>{{SUMMARY}}</summary>
<section class="scroll" aria-label="{{TITLE}}{{OF}}" tabindex="0">
<table>
<caption>{{TITLE}}</caption>
<thead><tr>{{#HEAD}}<th scope="col"{{#NUMBER}} class="number"{{/NUMBER}}>{{TEXT}}</th>{{/HEAD}}</tr></thead>
<tbody>
{{#ROW}}
<tr>{{#CELL}}{{#TEXTUAL}}<td>{{TEXT}}</td>{{/TEXTUAL}}{{#NUMBER}}<td class="number">{{TEXT}}</td>{{/NUMBER}}{{/CELL}}</tr>
{{/ROW}}
</tbody>
</table>
</section>
</details>
{{/TABLE}}
{{/CHART}}
