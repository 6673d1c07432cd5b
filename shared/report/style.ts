/** The one stylesheet of a report: nothing in it comes from outside. Printing is always in the light colours. */
export const style = `
:root{color-scheme:light dark;--page:#fbfbfa;--panel:#ffffff;--ink:#1b1e23;--soft:#565d68;--rule:#dfe1e5;--lane:#f1f2f4;
--critical:#a3123f;--high:#a8440a;--medium:#7a5a00;--low:#3a5f8f;--link:#1d4f91}
@media screen and (prefers-color-scheme:dark){:root{--page:#14161a;--panel:#1b1e24;--ink:#e7e9ed;--soft:#a6adb8;--rule:#343943;--lane:#20242b;
--critical:#ff8aa3;--high:#ffad75;--medium:#e5c558;--low:#93bdf2;--link:#9cc3fa}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
.sheet{max-width:1080px;margin:0 auto;padding:0 28px}
.skip{position:absolute;left:-9999px}.skip:focus{left:12px;top:12px;background:var(--panel);padding:8px 12px}
a{color:var(--link);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.84em}
pre{margin:8px 0 0;padding:10px 12px;background:var(--lane);border-radius:4px;white-space:pre-wrap}
small{color:var(--soft);font-size:.86em}
.said,td,dd{unicode-bidi:isolate}
.brand{margin:0;padding:26px 0 0;font-size:.8rem;letter-spacing:.09em;text-transform:uppercase;color:var(--soft)}
h1,h2,h3,h4{line-height:1.25;font-weight:640;margin:0;text-wrap:balance}
h1{font-size:2.1rem;letter-spacing:-.015em;margin:10px 0 12px}
h2{font-size:1.45rem;letter-spacing:-.008em}
h3{font-size:1.12rem}
h4{font-size:.95rem}
.lede{font-size:1.12rem;line-height:1.5;max-width:46em;margin:0 0 8px}
.soft,.note,figcaption{color:var(--soft);font-size:.88rem}
.note{margin:10px 0 0}
main>section{padding:44px 0 0}
main>section>h2{padding-bottom:10px;border-bottom:1px solid var(--rule);margin-bottom:20px}
.severity{font-weight:650;font-size:.74em;letter-spacing:.05em;text-transform:uppercase;color:var(--accent)}
td .severity,dd .severity{font-size:.8em}
h1 .severity,h2 .severity,h3 .severity{display:block;margin-bottom:4px}
h1 .severity{font-size:.85rem}h2 .severity,h3 .severity{font-size:.78rem}
.critical{--accent:var(--critical)}.high{--accent:var(--high)}.medium{--accent:var(--medium)}.low{--accent:var(--low)}
.tally{display:grid;grid-template-columns:repeat(4,1fr);gap:14px;list-style:none;margin:24px 0 30px;padding:0}
.tally li{border-top:3px solid var(--accent);padding:10px 0 0}
.tally b{display:block;font-size:2rem;line-height:1.15;font-weight:600;font-variant-numeric:tabular-nums}
.tally span{color:var(--accent);font-size:.82rem;font-weight:600}
article{background:var(--panel);border:1px solid var(--rule);border-top:3px solid var(--accent);border-radius:4px;padding:26px 30px 30px;margin:0 0 26px}
article>header{margin-bottom:18px}article>header h3{font-size:1.3rem}
article>header .lede{margin-top:10px}
article h3+.lede,article .lede{overflow-wrap:anywhere}
.report>article{background:none;border:0;border-radius:0;padding:0}
.report>article>header{padding-bottom:6px}
.block{margin-top:26px}
.report .block{margin-top:44px}
.report .block>h2{padding-bottom:8px;border-bottom:1px solid var(--rule);margin-bottom:16px}
.block>h3,.block>h4{margin-bottom:8px;color:var(--soft);font-weight:600;font-size:.82rem;letter-spacing:.05em;text-transform:uppercase}
.facts{display:grid;grid-template-columns:repeat(3,1fr);gap:18px 28px;margin:0;padding:18px 0;border-top:1px solid var(--rule);border-bottom:1px solid var(--rule)}
dt,.label{margin:0;color:var(--soft);font-size:.8rem}
dd{margin:0}
.facts dd{font-size:.95rem}
.numbers{display:flex;flex-wrap:wrap;gap:8px 26px;margin:14px 0 0}
.numbers dd{font-size:.9rem;font-variant-numeric:tabular-nums}
.plain,.links{margin:0;padding-left:1.15em}.plain li{margin:4px 0}
figure{margin:14px 0 22px}
.scroll{overflow-x:auto}
figcaption{margin-top:8px}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;margin:0 0 2px;padding:0}
.legend li{display:flex;align-items:center;gap:5px;color:var(--soft)}
.legend svg{width:15px;height:15px}
.sign{fill:var(--accent)}
.chart{display:block;width:100%;height:auto;min-width:660px;font-family:inherit}
.chart.graph{min-width:860px}.chart.plot{max-width:760px;min-width:560px}.chart.graph-1{max-width:240px;min-width:0}.chart.graph-2{max-width:440px;min-width:420px}.chart.graph-3{max-width:720px;min-width:640px}
.chart text{fill:var(--ink);font-size:12px}
.lane{fill:var(--lane)}.lane-1{fill:var(--panel)}
.chart .lane-name{font-weight:600}
.chart .tick,.chart .row-name{fill:var(--soft);font-size:11.5px}
.chart .sign-label{font-size:11.5px;font-weight:600;font-variant-numeric:tabular-nums}
.chart.plot text{stroke:var(--page);stroke-width:3px;paint-order:stroke;stroke-linejoin:round}article .chart.plot text{stroke:var(--panel)}.report>article .chart.plot text{stroke:var(--page)}
.chart .strong{fill:var(--ink);font-weight:650}
.grid{stroke:var(--rule);stroke-dasharray:2 4}
.bar{fill:var(--accent);opacity:.38}
.axis{stroke:var(--soft)}
.band{fill:var(--soft);opacity:.28}.middle{fill:var(--soft)}.reach{stroke:var(--soft);stroke-width:1.5}
.over{fill:var(--accent)}.within{fill:var(--soft)}
.limit{stroke:var(--ink);stroke-width:1.5;stroke-dasharray:5 3}.ceiling{stroke:var(--soft);stroke-dasharray:2 3}
.chart .column-name{fill:var(--soft);font-size:11.5px;letter-spacing:.03em}
.box>rect:first-of-type{fill:var(--panel);stroke:var(--rule)}.box .edge{fill:var(--accent)}
.box .name{font-size:11.5px;font-weight:600}.box .kind{fill:var(--soft);font-size:10.5px}
.arrow path{fill:none;stroke:var(--accent);stroke-width:1.4;opacity:.75}.arrow .head{fill:var(--accent);stroke:none;opacity:1}
.chart .did{fill:var(--soft);font-size:10.5px;stroke:var(--page);stroke-width:3px;paint-order:stroke;stroke-linejoin:round}
article .chart .did{stroke:var(--panel)}.report>article .chart .did{stroke:var(--page)}
table{width:100%;border-collapse:collapse;font-size:.9rem;line-height:1.45}
caption{text-align:left;color:var(--soft);font-size:.82rem;padding:0 0 6px}
th{text-align:left;font-weight:600;font-size:.8rem;color:var(--soft);border-bottom:1px solid var(--rule);padding:6px 14px 6px 0;vertical-align:bottom}
td{border-bottom:1px solid var(--rule);padding:8px 14px 8px 0;vertical-align:top}
td time{font-variant-numeric:tabular-nums;white-space:nowrap}td .severity,.number{white-space:nowrap}th.number,.tight small{white-space:nowrap}
.tight{width:1%;overflow-wrap:normal}th.tight{white-space:nowrap}td.wide{min-width:12em}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
summary{cursor:pointer;color:var(--soft);font-size:.9rem;padding:4px 0}
.novelty{display:grid;gap:10px}
.chips{display:flex;flex-wrap:wrap;gap:6px;list-style:none;margin:4px 0 0;padding:0;font-size:.88rem}
.chips li{border:1px solid var(--rule);border-radius:4px;padding:2px 9px;background:var(--lane)}
.chips .new{border:2px solid var(--accent);background:none;color:var(--accent);font-weight:650}
.chips .more{border-style:dashed;background:none;color:var(--soft)}
.baseline+.baseline{margin-top:24px;padding-top:18px;border-top:1px solid var(--rule)}
.of{margin:0 0 6px}
.checklist{list-style:none;margin:0 0 4px;padding:0}
.checklist+h4,.checklist+h3{margin:16px 0 4px}
.checklist li{padding:7px 0}
.checklist label{display:flex;gap:11px;align-items:flex-start}
.checklist input{flex:none;width:17px;height:17px;margin:4px 0 0;accent-color:var(--link)}
.checklist pre,.checklist .note{margin-left:28px}
footer{margin-top:56px;border-top:1px solid var(--rule);padding:18px 0 40px;color:var(--soft);font-size:.84rem}
@media (max-width:760px){
.sheet{padding:0 16px}
h1{font-size:1.6rem}h2{font-size:1.25rem}.lede{font-size:1.03rem}
article{padding:20px 16px 22px}.report>article{padding:0}
.facts{grid-template-columns:1fr 1fr}
.tally{grid-template-columns:1fr 1fr}
}
@media screen and (max-width:620px){
.facts{grid-template-columns:1fr}
table,tbody,tr,td,caption{display:block;width:auto}
thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
tr{padding:10px 0;border-bottom:1px solid var(--rule)}
td,td.number,td.tight{position:relative;width:auto;border:0;padding:2px 0 2px 6.6em;min-height:1.9em;text-align:left}
td::before{content:attr(data-label);position:absolute;left:0;width:6em;color:var(--soft);font-size:.8rem}
}
@media print{
@page{size:A4;margin:16mm 14mm}
body{background:#fff;font-size:10.5pt;--page:#fff}
.sheet{max-width:none;padding:0}
.skip{display:none}
.scroll{overflow:visible}
.chart,.chart.graph,.chart.plot,.chart.graph-2,.chart.graph-3{min-width:0}
article{border-left:0;border-right:0;border-bottom:0;border-radius:0;padding:14pt 0}
tr,figure,.checklist li,.facts,.numbers,.tally{break-inside:avoid}
thead{display:table-header-group}
summary{display:none}::details-content{content-visibility:visible;display:block}
h1,h2,h3,h4,caption,.of{break-after:avoid}
main>section{padding-top:24pt}
table{font-size:8.6pt}
a{color:inherit;text-decoration:none}
pre{border:1px solid var(--rule)}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
}
`;
