{{%AUTOESCAPE context="HTML"}}<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{TITLE}}</title>
<link rel="stylesheet" href="{{#UP}}../{{/UP}}style.css">
<script src="{{#UP}}../{{/UP}}app.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the verdict</a>
<header>
<strong>relapse</strong>
<nav aria-label="Pages">
<ol>
<li><a href="{{#UP}}../{{/UP}}index.html"{{#AT_INDEX}} aria-current="page"{{/AT_INDEX}}>Night</a></li>
<li><a href="{{#UP}}../{{/UP}}results/01.html"{{#AT_RESULTS}} aria-current="page"{{/AT_RESULTS}}>All results</a></li>
<li><a href="{{#UP}}../{{/UP}}run.html"{{#AT_RUN}} aria-current="page"{{/AT_RUN}}>Run</a></li>
<li><a href="{{#UP}}../{{/UP}}history.html"{{#AT_HISTORY}} aria-current="page"{{/AT_HISTORY}}>History</a></li>
</ol>
</nav>
{{#CRUMBS}}
<nav aria-label="Breadcrumb">
<ol>
<li><a href="../index.html">Night {{RUN_ID}}</a></li>
{{#LIST}}<li><a href="../results/01.html">All results</a></li>{{/LIST}}
<li aria-current="page">{{HERE}}</li>
</ol>
</nav>
{{/CRUMBS}}
</header>
<main id="main">
