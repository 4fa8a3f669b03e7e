//! The report's style sheet. Its colours are those of the window's themes (a test compares them).

/// Tokens in light and dark: name, light, dark.
pub const TOKENS: [(&str, &str, &str); 9] = [
    ("canvas", "#f6f7f9", "#14171c"),
    ("card", "#ffffff", "#1c2027"),
    ("hairline", "#e3e6eb", "#2c323b"),
    ("text", "#14181f", "#e8ebf0"),
    ("muted", "#5b6472", "#a3acb9"),
    ("accent", "#2457c5", "#7fa6f8"),
    ("good", "#0b7a4b", "#4cc38a"),
    ("warn", "#9a5b00", "#e5a13a"),
    ("bad", "#b3261e", "#f2867e"),
];

/// Colours of segments by their style number, the same in both themes.
pub const SEGMENTS: [&str; 10] = [
    "#0072b2", "#009e73", "#56b4e9", "#7f8794", "#e69f00", "#cc79a7", "#d55e00", "#8c6bb1",
    "#b8a600", "#117a8b",
];

/// Colour of a segment.
#[must_use]
pub fn segment(style: u8) -> &'static str {
    SEGMENTS[usize::from(style) % SEGMENTS.len()]
}

/// Signs of segments by their style number: colour never carries meaning alone.
const MARKS: [char; 6] = ['●', '▲', '■', '◆', '▼', '○'];

/// Sign of a segment.
#[must_use]
pub fn mark(style: u8) -> char {
    MARKS[usize::from(style) % MARKS.len()]
}

const RULES: &str = "\
* { box-sizing: border-box; }
body { margin: 0; background: var(--canvas); color: var(--text); font: 14px/1.5 Inter, system-ui, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1040px; margin: 0 auto; padding: 24px; }
header { margin-bottom: 24px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; }
header p, .finding, figcaption, dd { color: var(--muted); margin: 0 0 12px; }
h2 { font-size: 20px; margin: 0 0 4px; }
h3 { font-size: 16px; margin: 16px 0 4px; }
section { background: var(--card); border: 1px solid var(--hairline); border-radius: 8px; padding: 16px; margin-bottom: 16px; }
ul { margin: 0; padding-left: 20px; }
li { margin-bottom: 4px; }
.kpis { display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: 12px; }
.kpi span { display: block; color: var(--muted); font-size: 12px; }
.kpi strong { font-size: 22px; font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 8px 0; }
th, td { text-align: left; padding: 4px 8px; border-bottom: 1px solid var(--hairline); white-space: nowrap; }
td.long { white-space: normal; min-width: 240px; }
th { color: var(--muted); font-weight: 500; font-size: 12px; }
.n { text-align: right; }
td.heat { background: color-mix(in srgb, var(--accent) var(--heat), transparent); }
td.heat { padding: 4px 6px; }
td.strong { color: var(--card); }
svg { display: block; width: 100%; height: auto; }
figure { margin: 8px -16px; }
.drawing { display: none; }
.drawing.wide.light { display: block; }
.scene { margin: 8px 0; }
.scene svg { border: 1px solid var(--hairline); border-radius: 8px; }
.mark { display: inline-block; width: 20px; }
.verdict { font-size: 16px; font-weight: 600; margin: 0 0 4px; padding-left: 12px; border-left: 4px solid; }
.verdict.good { border-color: var(--good); }
.verdict.warn { border-color: var(--warn); }
.verdict.bad { border-color: var(--bad); }
details { margin-top: 8px; }
summary { color: var(--accent); cursor: pointer; }
pre { background: var(--canvas); border-radius: 6px; padding: 12px; overflow-x: auto; font-size: 12px; white-space: pre-wrap; }
dt { font-weight: 600; }
dd { margin-left: 0; }
@media (max-width: 640px) {
  main { padding: 12px; }
}
@media screen and (max-width: 640px) {
  .drawing.wide.light { display: none; }
  .drawing.narrow.light { display: block; }
}
@media screen and (prefers-color-scheme: dark) {
  td.middle { color: var(--card); }
  .drawing.wide.light, .drawing.narrow.light { display: none; }
  .drawing.wide.dark { display: block; }
}
@media screen and (prefers-color-scheme: dark) and (max-width: 640px) {
  .drawing.wide.dark { display: none; }
  .drawing.narrow.dark { display: block; }
}
@media print {
  @page { margin: 14mm; }
  body { background: none; font-size: 11px; print-color-adjust: exact; }
  section { border: none; padding: 8px 0; margin-bottom: 8px; }
  h2, h3 { break-after: avoid; }
  figure, tr, .kpis { break-inside: avoid; }
  figure { margin: 8px 0; }
  th, td { padding: 2px 6px; }
  td.long { min-width: 0; }
  summary { display: none; }
  details::details-content { content-visibility: visible; display: block; }
  main { max-width: none; padding: 0; }
  .scroll { overflow: visible; }
  pre { white-space: pre-wrap; }
}
";

/// The whole style sheet.
#[must_use]
pub fn css() -> String {
    let tokens = |pick: fn(&(&str, &'static str, &'static str)) -> &'static str| -> String {
        let lines = TOKENS
            .iter()
            .map(|token| format!("  --{}: {};\n", token.0, pick(token)));
        lines.collect()
    };
    format!(
        ":root {{\n{}  color-scheme: light dark;\n}}\n@media screen and (prefers-color-scheme: dark) {{\n:root {{\n{}}}\n}}\n{RULES}",
        tokens(|token| token.1),
        tokens(|token| token.2),
    )
}
