"""What every page must be, as checks that each give a list of problems. They run without the page's own script."""
import json
import pathlib
import re

# What a browser says of app.js where Jenkins' policy keeps it out. Anything else is a complaint.
SCRIPT_REFUSED = re.compile(
    r"app\.js|Blocked script execution in '.*' because the document's frame is sandboxed|"
    r"Executing (inline )?script violates")

OVERFLOW = "[document.documentElement.scrollWidth, window.innerWidth]"

FIRST_SEEN = """(() => {
  const main = document.querySelector('main'), heading = document.querySelector('h1');
  if (!main || !heading) return 'there is no main or no h1';
  if (document.querySelectorAll('h1').length !== 1) return 'there are several h1';
  if (main.firstElementChild !== heading) return 'the h1 is not the first thing in main';
  const box = heading.getBoundingClientRect(), style = getComputedStyle(heading);
  if (box.height < 10 || box.width < 10 || style.visibility !== 'visible') return 'the h1 cannot be seen';
  if (box.top > 400) return 'the h1 is too far down: ' + box.top;
  return '';
})()"""

FOCUSABLE = """Array.from(document.querySelectorAll('a[href], summary, input, button, [tabindex="0"]'))
  .filter(e => e.checkVisibility() && e.getClientRects().length > 0)"""

FOCUSED = """(() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const all = %s;
  let index = all.indexOf(e);
  if (index < 0 && e.type === 'radio') index = all.findIndex(o => o.name === e.name);
  const style = getComputedStyle(e);
  return {index, type: e.type || '', outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
          name: e.tagName + ' ' + (e.getAttribute('aria-label') || e.textContent || '').trim().slice(0, 40)};
})()""" % FOCUSABLE

SMALL_LINKS = """Array.from(document.querySelectorAll('nav a, summary, button, input, .matrix a, .results a, h4 a'))
  .filter(e => e.checkVisibility())
  .map(e => [e.textContent.trim().slice(0, 40), e.getBoundingClientRect().height,
             (e.tagName === 'INPUT' && e.closest('label') ? e.closest('label') : e).getBoundingClientRect().height])
  .filter(([, , height]) => height < 23.5).map(([text, height]) => text + ' is ' + height + ' high')"""

CLOSED_IN_PRINT = """Array.from(document.querySelectorAll('details'))
  .filter(d => d.children.length > 1 && d.parentElement.checkVisibility())
  .filter(d => !d.lastElementChild.checkVisibility({contentVisibilityAuto: true}) ||
               d.lastElementChild.getBoundingClientRect().height < 1)
  .map(d => d.querySelector('summary').textContent.slice(0, 40))"""

STRUCTURE = """(() => {
  const problems = [];
  for (const name of ['header', 'nav', 'main', 'footer'])
    if (!document.querySelector(name)) problems.push('no ' + name);
  const levels = Array.from(document.querySelectorAll('h1,h2,h3,h4,h5,h6')).map(h => +h.tagName[1]);
  levels.forEach((level, i) => {
    if (i && level > levels[i - 1] + 1) problems.push('a heading skips from ' + levels[i - 1] + ' to ' + level);
  });
  for (const table of document.querySelectorAll('table'))
    if (!table.caption) problems.push('a table without caption');
  for (const svg of document.querySelectorAll('svg'))
    if (svg.getAttribute('role') !== 'img' ||
        !(svg.querySelector('title') && svg.querySelector('desc') || svg.getAttribute('aria-label')))
      problems.push('a drawing without role, title and description');
  const ids = Array.from(document.querySelectorAll('[id]')).map(e => e.id);
  if (new Set(ids).size !== ids.length) problems.push('an id is used twice');
  for (const link of document.querySelectorAll('a[href^="#"]'))
    if (link.getAttribute('href').length > 1 && !document.getElementById(link.getAttribute('href').slice(1)))
      problems.push('dead link ' + link.getAttribute('href'));
  return problems;
})()"""

# Contrast of every text with what lies behind it (WCAG 2.2, 4.5 to 1).
CONTRAST = """(() => {
  const parse = c => (c.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  const problems = new Set();
  for (const e of document.querySelectorAll('main *, header *, footer *')) {
    const own = Array.from(e.childNodes).some(n => n.nodeType === 3 && n.data.trim());
    if (!own || !e.checkVisibility()) continue;
    const style = getComputedStyle(e);
    const ink = parse(e.closest('svg') ? getComputedStyle(e.closest('svg g') || e).color : style.color);
    const a = light(ink), b = light(behind(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) problems.add(e.tagName + '.' + (e.getAttribute('class') || '') + ' ' + ratio.toFixed(1));
  }
  return Array.from(problems).slice(0, 5);
})()"""


def overflow(page):
    width, window = page.evaluate(OVERFLOW)
    return [f"is {width} wide in a window of {window}"] if width > window else []


def first_seen(page):
    problem = page.evaluate(FIRST_SEEN)
    return [problem] if problem else []


def structure(page):
    return page.evaluate(STRUCTURE)


def contrast(page):
    return [f"contrast: {one}" for one in page.evaluate(CONTRAST)]


def targets(page):
    return [f"too small to hit: {one}" for one in page.evaluate(SMALL_LINKS)[:5]]


def styled(page):
    """The stylesheet is there: the page has its own width and not the browser's margins."""
    width = page.evaluate("getComputedStyle(document.body).maxWidth")
    return [] if width != "none" else ["the stylesheet is missing"]


def keyboard(page, most=120):
    """Tab reaches everything that can have the focus, in order, and the focus is seen."""
    page.evaluate("document.activeElement && document.activeElement.blur()")
    count = page.evaluate(FOCUSABLE + ".length")
    groups = page.evaluate(f"(all => all.filter((e, i) => e.type === 'radio' && "
                           f"all.findIndex(o => o.type === 'radio' && o.name === e.name) !== i).length)({FOCUSABLE})")
    problems = []
    reached = set()
    last = -1
    for step in range(min(count - groups, most)):
        page.key("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            problems.append(f"Tab {step + 1} leads nowhere")
            break
        if focused["outline"] < 2:
            problems.append(f"the focus is not seen on {focused['name']}")
        if step == 0 and "Skip" not in focused["name"]:
            problems.append(f"the first Tab reaches {focused['name']}, not the skip link")
        if focused["index"] <= last and focused["type"] != "radio":
            problems.append(f"Tab goes back to {focused['name']}")
        last = max(last, focused["index"])
        reached.add(focused["index"])
    if len(reached) < min(count - groups, most) and not problems:
        problems.append(f"Tab reaches {len(reached)} of {count - groups} places")
    return problems[:5]


def print_opens(page):
    page.media("print")
    closed = page.evaluate(CLOSED_IN_PRINT)
    page.media()
    return [f"closed on paper: {one}" for one in closed[:3]]


def printable(page):
    data = page.pdf()
    pages = len(re.findall(rb"/Type\s*/Page[^s]", data))
    return [] if data.startswith(b"%PDF") and pages > 0 else ["gives no PDF"]


def console(complaints, script_refused):
    """What the browser complained of, but for the script where a policy refuses it."""
    problems = [one for one in complaints if not (script_refused and SCRIPT_REFUSED.search(one))]
    if script_refused and len(problems) == len(complaints):
        problems.append("the policy did not refuse the script: it was not in force")
    return problems


def whole(page):
    """All checks that look at one loaded page."""
    problems = first_seen(page) + structure(page) + styled(page) + overflow(page) + targets(page) + contrast(page)
    return problems


def read_json(path):
    return json.loads(pathlib.Path(path).read_text())
