function s(a,e={},...t){let i=document.createElement(a);for(let[o,n]of Object.entries(e))n===!1||n===null||n===void 0||i.setAttribute(o,n===!0?"":String(n));return i.
append(...t.filter(o=>!!o||o==="")),i}var U={"":"span",odd:"span",cut:"del",new:"ins",hit:"mark"},G={odd:"invisible character",cut:"",new:"",hit:""};function m(a){
let e=document.createDocumentFragment();for(let[t,i]of a){if(t===""){e.append(i);continue}let o=G[t];e.append(s(U[t],{class:`loopai-${t}`,title:o||null},i))}return e}
function l(a,e,t={}){let i=s("button",{type:"button",class:`loopai-button ${t.class??""}`.trim(),title:t.title??null,"aria-keyshortcuts":t.key??null},a,t.key!==
void 0&&s("kbd",{"aria-hidden":"true"},t.key));return i.addEventListener("click",e),i}var w=class extends Error{},g=class{constructor(e){this.model=e;e.on("msg:custom",this.receive)}model;waiting=new Map;heard=new Map;name=Math.random().toString(
36).slice(2,10);asked=0;ask(e,t={}){let i=`${this.name}-${this.asked+=1}`;return new Promise((o,n)=>{this.waiting.set(i,{resolve:o,reject:n});let r=()=>this.model.
send({...t,id:i,kind:e});e==="open"?H(r,()=>!this.waiting.has(i)):r()})}hear(e,t){this.heard.set(e,t)}close(){this.model.off("msg:custom",this.receive),this.waiting.
clear()}receive=e=>{let t=e;if(t.push!==void 0){this.heard.get(t.push)?.(t.data);return}let i=t.id===void 0?void 0:this.waiting.get(t.id);t.id===void 0||i===void 0||
(this.waiting.delete(t.id),t.error===void 0?i.resolve(t.ok):i.reject(new w(t.error)))}};function O({model:a}){let e=!1,t=i=>{e||=i.push==="met",e&&a.off("msg:cu\
stom",t)};a.on("msg:custom",t),H(()=>a.send({kind:"hello"}),()=>e)}var X=400,V=25;function H(a,e,t=V){a(),t>1&&window.setTimeout(()=>e()||H(a,e,t-1),X)}function b(a){return a.altKey?"":a.ctrlKey||a.metaKey?a.key==="Enter"?"Ctrl+Enter":"":a.key}var J=new Set(["INPUT","TEXTAREA","SELECT"]);function I(a,e,t={}){a.
tabIndex=0,a.setAttribute("data-lm-suppress-shortcuts","true"),a.addEventListener("focusin",i=>{i.target.setAttribute("data-lm-suppress-shortcuts","true")}),a.addEventListener(
"keydown",i=>{i.stopPropagation();let o=i.target,n=b(i),r=J.has(o.tagName);if(o.tagName==="TEXTAREA"&&n==="Enter"||!r&&o.tagName==="BUTTON"&&(n==="Enter"||n==="\
 "))return;let h=(r?t:e)[n];h===void 0||n===""||(i.preventDefault(),h())})}function Y(a,e,t,i,o=8){let n=Math.max(0,Math.floor(a/t)-o),r=Math.min(i,Math.ceil((a+e)/t)+o);return[Math.min(n,i),Math.max(r,Math.min(n,i))]}var W=8e6,y=class{constructor(e,t,i,o=64){
this.rowHeight=t;this.source=i;this.page=o;this.canvas=s("div",{class:"loopai-rows-canvas"}),this.element=s("div",{class:"loopai-rows",role:"listbox","aria-labe\
l":e,tabindex:0},this.canvas),this.element.addEventListener("scroll",()=>this.soon()),this.element.addEventListener("click",n=>{let r=n.target.closest("[data-in\
dex]");r!==null&&this.source.choose(Number(r.dataset.index))}),new ResizeObserver(()=>this.soon()).observe(this.element),new IntersectionObserver(()=>this.soon()).
observe(this.element)}rowHeight;source;page;element;canvas;kept=new Map;asked=new Set;count=0;selected=0;epoch=0;frame=0;reset(e){this.epoch+=1,this.count=e,this.
kept.clear(),this.asked.clear(),this.canvas.style.height=`${Math.min(e*this.rowHeight,W)}px`,this.soon()}refresh(){this.epoch+=1,this.kept.clear(),this.asked.clear(),
this.soon()}renew(e){this.asked.delete(Math.floor(e/this.page)),this.soon()}select(e){this.selected=e;let t=this.scale(),i=this.element,[o,n]=[e*this.rowHeight,
i.scrollTop/t];o<n?i.scrollTop=o*t:o+this.rowHeight>n+i.clientHeight&&(i.scrollTop=(o+this.rowHeight-i.clientHeight)*t),this.soon()}scale(){return Math.min(1,W/
Math.max(1,this.count*this.rowHeight))}soon(){this.frame===0&&(this.frame=requestAnimationFrame(()=>{this.frame=0,this.paint()}))}paint(){let e=this.scale(),t=this.
element.scrollTop;if(this.element.clientHeight===0)return;let[i,o]=Y(t/e,this.element.clientHeight,this.rowHeight,this.count);this.want(i,o);let n=[];for(let r=i;r<
o;r+=1){let h=this.kept.get(r),d=r===this.selected,p=s("div",{class:"loopai-row",role:"option",id:`${this.id}-${r}`,"aria-posinset":r+1,"aria-setsize":this.count,
"aria-selected":d?"true":"false","data-index":r});p.style.top=`${t+r*this.rowHeight-t/e}px`,p.style.height=`${this.rowHeight}px`,h!==void 0&&this.source.draw(h,
p,d),n.push(p)}this.canvas.replaceChildren(...n),this.element.setAttribute("aria-activedescendant",`${this.id}-${this.selected}`)}id=`loopai-${Math.random().toString(
36).slice(2,10)}`;want(e,t){for(let i=Math.floor(e/this.page);i*this.page<t;i+=1){if(this.asked.has(i))continue;this.asked.add(i);let o=this.epoch,n=i*this.page;
this.source.window(n,Math.min(this.page,this.count-n)).then(r=>{o===this.epoch&&(r.forEach((h,d)=>this.kept.set(n+d,h)),this.soon())},()=>this.asked.delete(i))}}};var f={p:"not decided",a:"accepted",e:"edited",r:"rejected",s:"skipped","-":"no answer"},D={p:"",a:"✓",e:"✎",r:"✗",s:"→","-":"–"};function c(a){return a.
toLocaleString("en")}function u(a,e){return a===1?`1 ${e}`:`${c(a)} ${e}s`}var _=["accepted","edited","rejected","skipped"],x=class{element=s("div",{class:"howfar"});bar=s("div",{class:"bar",role:"progressbar","aria-label":"Reviewed","\
aria-valuemin":0});words=s("div",{class:"words"});constructor(){this.element.append(this.bar,this.words)}show(e){let t=e.total-e.pending;this.bar.setAttribute("\
aria-valuemax",String(e.total)),this.bar.setAttribute("aria-valuenow",String(t)),this.bar.replaceChildren(..._.filter(o=>e[o]>0).map(o=>{let n=s("div",{class:`p\
art ${o}`,title:`${c(e[o])} ${o}`});return n.style.width=`${100*e[o]/Math.max(1,e.total)}%`,n}));let i=_.filter(o=>e[o]>0).map(o=>s("span",{class:"part"},s("spa\
n",{class:`swatch ${o}`,"aria-hidden":"true"}),`${c(e[o])} ${o}`));this.words.replaceChildren(s("strong",{},`${c(t)} of ${c(e.total)} reviewed`),...i)}};var k=class{constructor(e,t,i){this.ask=e;this.told=t;this.now=i;this.heardMs=i()}ask;told;now;sent=[];seq=0;epoch=0;heardMs;againMs=4e3;sentMs=0;get unsaved(){
return this.sent.length}waits(e){return this.sent.some(t=>t.index===e)}make(e){this.sent.length===0&&(this.heardMs=this.now());let t={...e,seq:this.seq+=1};this.
sent.push(t),this.send(t),this.tell()}tick(){if(this.sent.length!==0){if(this.now()-this.sentMs>this.againMs){this.againMs=Math.min(6e4,this.againMs*2);for(let e of this.
sent)this.send(e)}this.tell()}}send(e){this.sentMs=this.now();let t=this.epoch;this.ask({...e.data,what:e.what,seq:e.seq,epoch:t}).then(i=>this.confirmed(e,i),i=>this.
refused(e,i.message))}confirmed(e,t){if(this.heard(),t.again!==void 0){this.sendFrom(t.again,e.seq);return}let i=this.sent.indexOf(e);i<0||(this.sent.splice(i,1),
this.told.saved(e,t),this.tell())}refused(e,t){this.heard();let i=this.sent.indexOf(e);if(i<0)return;let o=this.sent.length-i-1;this.sent.splice(i),this.epoch+=
1,this.told.failed(e,t,o),this.tell()}sendFrom(e,t){for(let i=e;i<=t;i+=1){let o=this.sent.find(n=>n.seq===i);o!==void 0?this.send(o):this.ask({what:"undo",seq:i,
epoch:-1}).catch(()=>{})}}heard(){this.heardMs=this.now(),this.againMs=4e3}tell(){this.told.waiting(this.sent.length,(this.now()-this.heardMs)/1e3)}};var Q=["pending","accepted","edited","rejected","skipped"],Z=["answered","cached","failed","skipped"],F=[["","as in the frame"],["answer","by answer"],["length",
"shortest answer"],["-length","longest answer"],["latency","fastest"],["-latency","slowest"],["state","by review"]],M=class{constructor(e,t,i){this.apply=t;let o=`\
loopai-${Math.random().toString(36).slice(2,10)}`;this.answer.setAttribute("list",`${o}-answers`),this.differs.setAttribute("list",`${o}-others`);let n=(d,...p)=>s(
"label",{},s("span",{},d),...p),r=(d,p,v)=>(p.setAttribute("aria-label",`${d}, least`),v.setAttribute("aria-label",`${d}, most`),s("div",{class:"pair"},s("span",
{},d),s("span",{class:"ends"},p," to ",v))),h=d=>d.map(([p,v])=>s("option",{value:p},v));this.element.append(s("div",{class:"grid"},n("Review",this.state),n("An\
swer is",this.answer),n("Answer has",this.contains),n("Status",this.status),r("Characters",this.least,this.most),r("Latency, ms",this.fastest,this.slowest),n("D\
iffers from",this.differs),e.has_schema&&n("Schema",this.fits),n("Order",this.sort),s("label",{class:"wide"},s("span",{},"Rule"),this.rule)),s("datalist",{id:`${o}\
-answers`},...h(e.frequent.map(([d,p])=>[d,`${p} rows`]))),s("datalist",{id:`${o}-others`},...h([...e.names.map(d=>[d,"column"]),...e.runs.map(d=>[d,"run"])])),
s("div",{class:"buttons"},l("Show these rows",t,{class:"loopai-main",key:"Enter"}),l("All rows",()=>this.clear(),{}),l("Back",i,{class:"loopai-plain",key:"Esc"})));
for(let d of[this.state,this.status,this.fits,this.sort])d.addEventListener("change",t)}apply;element=s("div",{class:"filter",hidden:!0,role:"group","aria-label":"\
Filter"});state=E("any",Q.map(e=>[e,e==="pending"?"not decided":e]));status=E("any",Z.map(e=>[e,e==="skipped"?"not asked":e]));answer=s("input",{type:"text",autocomplete:"\
off"});contains=s("input",{type:"text"});least=T("least");most=T("most");fastest=T("least");slowest=T("most");fits=E("any",[["yes","fits"],["no","does not fit"]]);differs=s(
"input",{type:"text",autocomplete:"off",placeholder:"a column or a run"});rule=s("input",{type:"text",class:"wide",placeholder:"answer == 'other' and latency_ms\
 > 900",spellcheck:"false"});sort=E(null,F);focus(){this.state.focus()}get where(){let e=o=>o.value===""?null:Number(o.value),t=(o,n)=>o.value===""&&n.value===""?
null:[e(o),e(n)],i={state:this.state.value,status:this.status.value,answer:this.answer.value,contains:this.contains.value,length:t(this.least,this.most),latency_ms:t(
this.fastest,this.slowest),fits:this.fits.value===""?null:this.fits.value==="yes",differs:this.differs.value,rule:this.rule.value};return Object.fromEntries(Object.
entries(i).filter(([,o])=>o!==""&&o!==null))}get order(){return this.sort.value}get words(){let e=[],{state:t,status:i,answer:o,contains:n,length:r,latency_ms:h,
fits:d,differs:p,rule:v}=this.where,q=$=>{let[C,N]=$;return C===null?`at most ${N}`:N===null?`at least ${C}`:`${C} to ${N}`};t!==void 0&&e.push(t==="pending"?"n\
ot decided":String(t)),i!==void 0&&e.push(i==="skipped"?"not asked":String(i)),o!==void 0&&e.push(`answer “${String(o)}”`),n!==void 0&&e.push(`with “${String(
n)}”`),r!==void 0&&e.push(`${q(r)} characters`),h!==void 0&&e.push(`${q(h)} ms`),d!==void 0&&e.push(d===!0?"fits":"does not fit"),p!==void 0&&e.push(`differs \
from ${String(p)}`),v!==void 0&&e.push(String(v));let z=F.find(([$])=>$===this.order)?.[1]??"";return this.order!==""&&e.push(z),e.join(" · ")}clear(){for(let e of this.
element.querySelectorAll("input"))e.value="";for(let e of[this.state,this.status,this.fits,this.sort])e.value="";this.apply()}};function E(a,e){return s("select",
{},a!==null&&s("option",{value:""},a),...e.map(([t,i])=>s("option",{value:t},i)))}function T(a){return s("input",{type:"number",min:0,placeholder:a})}var j=["list","answer","rule"],ee={accept:"Accept",edit:"Change",reject:"Reject",skip:"Skip"},S=class{constructor(e){this.asks=e;this.choices=s("div",{class:"bu\
ttons"},l("Accept all",()=>this.choose("accept"),{key:"a"}),l("Change all to …",()=>this.choose("edit"),{key:"e"}),l("Reject all …",()=>this.choose("reject"),
{key:"x"}),l("Skip all",()=>this.choose("skip"),{key:"s"}),l("Back",()=>e.leave(),{class:"loopai-plain",key:"Esc"})),this.sure.append(this.words,this.confirm,l(
"Back",()=>e.back(),{class:"loopai-plain",key:"Esc"})),this.element.append(s("div",{class:"which"},this.which,this.rule),this.said,this.choices,this.sure),this.
which.addEventListener("change",()=>this.turned()),this.rule.addEventListener("change",()=>this.turned())}asks;element=s("div",{class:"many",hidden:!0,role:"gro\
up","aria-label":"Many at once"});which=s("select",{"aria-label":"Which rows"});rule=s("input",{type:"text",class:"wide",placeholder:"remarks.str.contains('bird\
') and latency_ms < 900","aria-label":"Rule",spellcheck:"false"});words=s("input",{type:"text","aria-label":"Words"});said=s("div",{class:"counted",role:"status"});confirm=l(
"",()=>this.confirmed(),{class:"loopai-main",key:"Enter"});choices;sure=s("div",{class:"buttons sure",hidden:!0});what="accept";counted=null;asking=0;key(e){let t={
a:"accept",e:"edit",x:"reject",s:"skip"};if(!this.sure.hidden){e==="Enter"?this.confirmed():e==="Escape"&&this.asks.back();return}e==="Escape"?this.asks.leave():
j[Number(e)-1]!==void 0?(this.which.value=j[Number(e)-1],this.turned()):e in t&&this.choose(t[e])}enter(){document.activeElement===this.rule?this.turned():this.
sure.hidden||this.confirmed()}escape(){this.sure.hidden?this.asks.leave():this.asks.back()}open(){let e=this.which.value,t=j.map((i,o)=>s("option",{value:i},`${o+
1}  ${this.asks.named(i)}`));this.which.replaceChildren(...t),this.which.value=e||"list",this.element.hidden=!1,this.sure.hidden=!0,this.choices.hidden=!1,this.
turned()}turned(){let e=this.which.value;if(this.rule.hidden=e!=="rule",this.counted=null,this.able(!1),e==="rule"&&this.rule.value.trim()===""){this.said.textContent=
"A rule compares columns; Enter counts its rows.",this.rule.focus();return}this.said.textContent="counting …";let t=this.asking+=1;this.asks.count(e,this.rule.
value).then(i=>{t===this.asking&&(this.counted=i,this.said.textContent=te(i),this.able(i.rows>0))},i=>{t===this.asking&&(this.said.textContent=i.message)})}able(e){
for(let t of[...this.choices.querySelectorAll("button")].slice(0,-1))t.disabled=!e}choose(e){this.counted===null||this.counted.rows===0||(this.what=e,this.words.
hidden=e==="accept"||e==="skip",this.words.placeholder=e==="edit"?"the answer that they get":"why",this.words.value="",this.confirm.firstChild.textContent=`${ee[e]}\
 ${u(this.counted.holds,"row")}`,this.choices.hidden=!0,this.sure.hidden=!1,(this.words.hidden?this.confirm:this.words).focus())}confirmed(){if(this.counted===null)
return;let e=this.words.value.trim();if(!this.words.hidden&&e===""){this.words.focus();return}this.asks.decide(this.what,this.counted,e)}};function te({rows:a,holds:e}){
if(a===0)return"No row of these waits for a decision.";let t=e>a?`, and ${c(e-a)} more with the same requests`:"";return`${u(a,"row")}${t}.`}function B(a){return a<1e3?`${Math.round(a)} ms`:`${(a/1e3).toFixed(1)} s`}var R=class{constructor(e,t){this.fields=e;this.acts=t;this.side.append(this.facts,this.answer,this.editor),this.element.append(this.row,this.side)}fields;acts;element=s(
"div",{class:"one"});row=s("div",{class:"row",tabindex:0,role:"group","aria-label":"Row"});side=s("div",{class:"side"});facts=s("div",{class:"facts loopai-quiet"});answer=s(
"div",{class:"answer",tabindex:0,role:"group","aria-label":"Answer"});editor=s("div",{class:"editor",hidden:!0});note=s("input",{type:"text","aria-label":"Note"});read=()=>({
note:""});before="";shownRow=null;get editing(){return!this.editor.hidden}under(...e){this.side.append(...e)}show(e,t,i){this.shownRow?.position!==e.position&&(this.
row.scrollTop=this.answer.scrollTop=0),this.shownRow=e,this.row.replaceChildren(se(e.cells)),this.mark(t,i),this.answer.replaceChildren(...this.said(e)),this.element.
removeAttribute("aria-busy")}mark(e,t){let i=this.shownRow;if(i===null)return;let o=!t&&i.reviewer!==null&&e!=="p"?` by ${i.reviewer}`:"",n=[i.status,i.latency_ms===
null?"":B(i.latency_ms),i.answer===null?"":u(i.length,"character")],r=i.alike>1?`${c(i.alike)} rows with this request`:"";this.facts.replaceChildren(s("span",{class:`\
state is-${e==="-"?"none":e}`},t?`${f[e]} …`:`${f[e]}${o}`),s("span",{},[...n,r].filter(Boolean).join(" · ")))}wait(){this.element.setAttribute("aria-busy","\
true")}none(e){this.shownRow=null,this.row.replaceChildren(s("p",{class:"loopai-quiet"},e)),this.facts.replaceChildren(),this.answer.replaceChildren()}addPrompt(e,t){
this.row.append(s("h4",{},"What was asked"),s("pre",{},t!==null&&s("span",{class:"system"},"[system] ",m(t)),m(e))),this.row.lastElementChild?.scrollIntoView({block:"\
nearest"})}said(e){let t=[];return e.answer===null?t.push(s("p",{class:"loopai-bad"},m(e.error??[["","It was not asked."]]))):e.fields!==null?t.push(oe(this.fields.
map((i,o)=>[i.name,e.fields?.[o]??""]))):t.push(s("pre",{class:"text"},e.answer.length===0?s("span",{class:"loopai-quiet"},"(empty)"):m(e.answer))),e.original!==
null&&t.push(s("p",{class:"was loopai-quiet"},"The model said: ",s("del",{class:"loopai-cut"},m(e.original)))),e.note.length>0&&t.push(s("p",{class:"noted"},s("\
span",{class:"loopai-quiet"},"Note: "),m(e.note))),t}edit(e,t){if(e.answer===null||e.text===null)return!1;let i=e.fields!==null?this.form(t?.fields??e.fields):this.
area(t?.text??e.text);this.note=s("input",{type:"text",placeholder:"note, if you like","aria-label":"Note"}),this.note.value=t?.note??"",this.editor.replaceChildren(
...i,this.note,s("div",{class:"buttons"},l("Save",()=>this.save(),{class:"loopai-main",key:"Ctrl+Enter"}),l("Leave",()=>this.acts.leave(),{class:"loopai-plain",
key:"Esc"}))),this.before=JSON.stringify(this.read()),t!==void 0&&(this.before=""),this.editor.hidden=!1,this.side.classList.add("edits");let o=this.editor.querySelector(
"textarea, select, input");return o?.focus(),o instanceof HTMLTextAreaElement&&o.select(),!0}close(){this.editor.hidden=!0,this.side.classList.remove("edits")}save(){
this.editing&&this.acts.save(this.read())}get untouched(){return this.before===JSON.stringify(this.read())}area(e){let t=s("textarea",{rows:Math.min(10,Math.max(
2,e.split(`
`).length+1)),spellcheck:"false","aria-label":"Edited answer"});return t.value=e,this.read=()=>({text:t.value,note:this.note.value}),[t]}form(e){let t=this.fields.
map((i,o)=>ie(i,e[o]??""));return this.read=()=>({fields:t.map(i=>i.value),note:this.note.value}),[s("div",{class:"fields"},...this.fields.map((i,o)=>s("label",
{},s("span",{},i.name),t[o])))]}};function ie(a,e){if(a.kind==="choice"){let i=s("select",{},s("option",{value:""},""),...a.choices.map(o=>s("option",{value:o},
o)));return i.value=e,i}if(a.kind==="json"||e.length>60||e.includes(`
`)){let i=s("textarea",{rows:Math.min(6,Math.ceil(e.length/50)+1),spellcheck:"false"});return i.value=e,i}let t=s("input",{type:"text",inputmode:a.kind==="numbe\
r"?"decimal":null});return t.value=e,t}function se(a){let e=s("dl");for(let[t,i]of a)e.append(s("dt",{},t),s("dd",{},i.length===0?s("span",{class:"loopai-quiet"},
"–"):m(i)));return e}function oe(a){let e=s("dl",{class:"values"});for(let[t,i]of a)e.append(s("dt",{},t),s("dd",{},i===""?s("span",{class:"loopai-quiet"},"–"):
i));return e}var A=class{constructor(e){this.ask=e}ask;element=s("div",{class:"people",hidden:!0,role:"group","aria-label":"Reviewers"});button=l("Reviewers",()=>{this.turn()},
{class:"loopai-plain"});async turn(){let e=this.element.hidden;if(this.element.hidden=!e,this.button.setAttribute("aria-pressed",String(e)),!e)return;let{assigned:t,
agree:i,who:o}=await this.ask(),n=s("dl");for(let[h,d]of[...t,...i])n.append(s("dt",{},h),s("dd",{},d));let r=i.length===0?[s("p",{class:"loopai-quiet"},"No two\
 have decided about the same row.")]:[];this.element.replaceChildren(s("p",{},`Decided: ${o.join(", ")||"nobody yet"}`),n,...r)}};var L=class{constructor(e,t){this.source=t;this.letters=[...e]}source;letters;supposed=new Map;kept=new Map;asked=new Set;stale=new Set;epoch=0;hit="";reset(e){
this.supposed.clear(),this.replace(e)}replace(e){this.letters=[...e],this.forget()}look(e){e!==this.hit&&(this.hit=e,this.forget())}row(e){return this.kept.get(
e)}letter(e){return this.supposed.get(e)?.letter??this.letters[e]??"-"}suppose(e,t,i){this.supposed.set(e,{letter:t,request:i})}takeBack(e){this.supposed.set(e,
{letter:"p",request:null})}confirm(e,t){t||this.supposed.delete(e),this.renew(e)}forgetSupposed(){this.supposed.clear()}change(e,t){this.letters[e]=t,this.renew(
e)}nextOpen(e){let t=this.letters.length,i=new Set([...this.supposed.values()].filter(({letter:o})=>o!=="p").map(({request:o})=>o));for(let o=1;o<=t;o+=1){let n=(e+
o)%t;if(this.letter(n)!=="p")continue;let r=this.kept.get(n)?.request??null;if(r===null||!i.has(r))return n}return null}getAhead(e){let t=[e];for(let r=1;r<=3;r+=
1)t.push(e+r,e-r);let i=this.openAfter(e),o=[...t,...i].filter(r=>this.isMissing(r));if([...t,...i.slice(0,20)].some(r=>this.isMissing(r))){if(this.kept.size>1e3){
let r=new Set([...t,...i]);for(let h of this.kept.keys())r.has(h)||this.kept.delete(h)}this.get([...new Set(o)])}}openAfter(e){let t=[];for(let i=e+1;i<this.letters.
length&&t.length<40;i+=1)this.letter(i)==="p"&&t.push(i);return t}isMissing(e){let t=this.kept.has(e)&&!this.stale.has(e);return e>=0&&e<this.letters.length&&!t&&
!this.asked.has(e)}get(e){if(e.length===0)return;for(let o of e)this.asked.add(o),this.stale.delete(o);let t=this.epoch,i=o=>{if(t===this.epoch){for(let n of e)
this.asked.delete(n);for(let n of o)this.kept.set(n.index,n);for(let n of o)this.source.came(n.index);o.length>0&&this.get(e.slice(o.length).filter(n=>this.isMissing(
n)))}};this.source.rows(e,this.hit).then(i,()=>i([]))}renew(e){(this.kept.has(e)||this.asked.has(e))&&this.stale.add(e)}forget(){this.epoch+=1,this.kept.clear(),
this.asked.clear(),this.stale.clear()}};var ne=29,re=100,ae=1e3,K=6,le={accept:"a",edit:"e",reject:"r",skip:"s"},de=new Set(["a","e","x","s","u","o"]),P=class{constructor(e,t,i,o){this.kernel=e;this.el=
t;this.opened=i;this.view=o;this.total=i.total,this.progress=i.progress,this.sheet=new L(i.letters,{rows:(n,r)=>this.ask("rows",{indices:n,hit:r}),came:n=>this.
came(n)}),this.decisions=new k(n=>this.ask("do",n),{saved:(n,r)=>this.saved(n,r),failed:(n,r,h)=>this.failed(n,r,h),waiting:(n,r)=>this.tellWaiting(n,r)},()=>performance.
now()),this.one=new R(i.fields,{save:n=>this.save(n),leave:()=>this.leave(),prompt:()=>{this.askPrompt()}}),this.table=new y("Answers",ne,{window:(n,r)=>this.ask(
"lines",{first:n,count:r}),draw:(n,r)=>this.drawLine(n,r),choose:n=>this.show(n)}),this.filter=new M(i,()=>{this.list()},()=>this.leave()),this.many=new S({count:(n,r)=>this.
ask("count",{which:n,rule:r,position:this.row?.position??0}),decide:(n,r,h)=>this.decideMany(n,r,h),leave:()=>this.leave(),back:()=>this.openMany(),named:n=>this.
named(n)}),this.people=new A(()=>this.ask("people")),this.kernel.hear("changed",n=>{n!==this.view&&this.sync()}),this.layOut(),this.listen(),this.ticking=window.
setInterval(()=>this.decisions.tick(),ae),window.addEventListener("beforeunload",this.unload),this.bar.show(this.progress),this.table.reset(this.total),this.show(
i.at),this.tellFilter(),i.over!==null&&this.end(i.over)}kernel;el;opened;view;root=s("section",{class:"loopai-panel loopai-review","aria-label":"Review of answe\
rs"});sheet;decisions;table;one;filter;many;people;bar=new x;ticking;typedAhead=[];undoing=!1;made=[];at=0;total;progress;onlyRow=!1;lastNote="";rejecting=!1;over=!1;close(){
window.clearInterval(this.ticking),window.removeEventListener("beforeunload",this.unload)}ask(e,t={}){return this.kernel.ask(e,{...t,view:this.view})}unload=e=>{
this.decisions.unsaved>0&&e.preventDefault()};saving=s("span",{class:"saving",role:"status"});said=s("div",{class:"said loopai-bad",role:"alert"});told=s("span",
{class:"told",role:"status"});heard=s("div",{class:"loopai-hidden",role:"status"});place=s("span",{class:"place"});find=s("input",{type:"search",placeholder:"fi\
nd ( / )","aria-label":"Find in answers and rows"});found=s("span",{class:"found loopai-quiet",role:"status"});jump=s("input",{type:"number",class:"jump",min:1,
placeholder:"go to","aria-label":"Go to the row of this number"});note=s("input",{type:"text",placeholder:"why","aria-label":"Why it is rejected"});noting=s("di\
v",{class:"noting",hidden:!0});finished=s("div",{class:"finished",role:"status",hidden:!0});filtered=s("div",{class:"filtered",hidden:!0});head=s("div",{class:"\
heads","aria-hidden":"true"});tableBox=s("div",{class:"table",hidden:!0});accept=l("Accept",()=>this.decide("accept"),{class:"loopai-main",key:"a"});edit=l("Edi\
t",()=>this.startEdit(),{key:"e"});reject=l("Reject …",()=>this.startReject(),{key:"x"});skip=l("Skip",()=>this.decide("skip"),{key:"s"});only=l("This row onl\
y",()=>this.turnOnly(),{class:"loopai-plain",key:"o",title:"not the others with the same request"});oneTab=this.tab("One by one",()=>this.turn(!1));tableTab=this.
tab("Table",()=>this.turn(!0));filterButton=l("Filter",()=>this.toggleFilter(),{class:"loopai-plain",key:"f"});manyButton=l("Many at once",()=>this.toggleMany(),
{class:"loopai-plain",key:"b"});layOut(){let e=(r,h,d,p)=>l(r,h,{class:"loopai-plain",title:d,...p===void 0?{}:{key:p}}),{opened:t}=this,i=t.assigned?`the rows \
assigned to ${t.reviewer}`:`reviewed by ${t.reviewer}`;this.noting.append(this.note,l("Reject",()=>this.saveReject(),{class:"loopai-main",key:"Enter"}),l("Back",
()=>this.leave(),{class:"loopai-plain",key:"Esc"}));let o=s("div",{class:"acts"},this.accept,this.edit,this.reject,this.skip,this.only);this.tableBox.append(this.
head,this.table.element),this.head.append(...["","row","answer",...t.columns.slice(0,4)].map(r=>s("span",{},r)));let n=Math.min(4,t.columns.length);this.tableBox.
style.setProperty("--loopai-columns",String(Math.max(0,n-1))),this.finished.append(s("span",{},""),l("Done",()=>{this.done()},{class:"loopai-main",key:"Enter"})),
this.root.append(s("div",{class:"head"},s("h3",{},`Review of ${t.run}`),s("span",{class:"whose loopai-quiet"},`${t.frame} · ${i}`),this.saving,l("Done",()=>{this.
done()},{title:"closes it; %loopai review goes on another day"})),this.bar.element,s("div",{class:"tools"},s("div",{class:"tabs",role:"tablist"},this.oneTab,this.
tableTab),s("span",{class:"find"},this.find,e("‹",()=>{this.search(-1)},"the one before that has it (N)"),e("›",()=>{this.search(1)},"the next that has it (\
n)"),this.found),this.jump,this.filterButton,this.manyButton,(t.people>1||t.assigned)&&this.people.button,this.place),this.filter.element,this.many.element,this.
people.element,this.filtered,this.tableBox,this.one.element,this.said,this.finished,s("div",{class:"foot"},l("Undo",()=>this.undo(),{key:"u"}),e("Before",()=>this.
step(-1),"the row before (also ↑)","k"),e("Next",()=>this.step(1),"the next row (also ↓)","j"),e("Next open",()=>this.nextOpen(),"the next row that nobody d\
ecided about","g"),e("Prompt",()=>{this.askPrompt()},"what was asked","p"),this.told,s("span",{class:"hint loopai-quiet"},"Click here, or press Tab, and the key\
s work.")),this.heard),this.one.under(o,this.noting),this.find.addEventListener("input",()=>{this.found.textContent=""}),this.el.append(this.root)}tab(e,t){let i=l(
e,t,e==="Table"?{key:"t"}:{});return i.setAttribute("role","tab"),i.setAttribute("aria-selected",String(e!=="Table")),i}drawLine(e,t){let i=this.sheet.letter(e.
index),o=this.decisions.waits(e.index);t.classList.add(`is-${i==="-"?"none":i}`),t.append(s("span",{class:"mark",role:"img","aria-label":f[i],title:f[i]},o?"…":
D[i]),s("span",{class:"at"},e.label),s("span",{class:"answer"},e.answer),...e.cells.map(n=>s("span",{class:"cell"},n)))}get row(){return this.sheet.row(this.at)}get isTable(){
return!this.tableBox.hidden}show(e){if(this.closeInputs(),this.total===0){this.one.none("There is no such row."),this.tellPlace();return}this.at=Math.max(0,Math.
min(this.total-1,e)),this.table.select(this.at),this.onlyRow=!1,this.draw(),this.sheet.getAhead(this.at)}draw(){let{row:e}=this;if(this.tellPlace(),e===void 0)this.
one.wait();else{this.one.show(e,this.sheet.letter(this.at),this.decisions.waits(this.at)),this.only.hidden=e.alike<2,this.only.setAttribute("aria-pressed",String(
this.onlyRow));for(let i of[this.accept,this.edit,this.reject,this.skip])i.disabled=e.answer===null;let t=e.fields?.join(", ")??e.answer?.map(([,i])=>i).join("")??
"no answer";this.heard.textContent=`${this.at+1} of ${this.total}, ${t.slice(0,200)}, ${f[this.sheet.letter(this.at)]}`}}tellPlace(){let e=this.row?.label,t=e===
void 0||e===String(this.at)?"":` · row ${e}`;this.place.textContent=this.total===0?"no rows":`${c(this.at+1)} of ${c(this.total)}${t}`}came(e){e===this.at&&(this.
one.editing||this.draw(),this.goOn())}step(e){this.show(this.at+e)}nextOpen(){let e=this.sheet.nextOpen(this.at);e!==null?this.show(e):this.told.textContent="No\
 row of these is open."}when(e){this.waiting?this.typedAhead.length<re&&this.typedAhead.push(e):e()}get waiting(){return this.undoing||this.typedAhead.length>0||
this.total>0&&this.row===void 0}goOn(){for(;this.typedAhead.length>0&&!this.undoing&&(this.total===0||this.row!==void 0);){let e=this.typedAhead;this.typedAhead=
[],e.shift()(),this.typedAhead=[...e,...this.typedAhead]}}decide(e,t={}){let{row:i}=this;if(i===void 0||this.over)return;if(i.answer===null){this.told.textContent=
`This row has no answer. Ask it again: %loopai retry ${this.opened.run}`;return}this.clearWords();let o=this.at,n=e==="accept"&&this.sheet.letter(o)==="e"?"e":le[e];
this.made.push(o),this.sheet.suppose(o,n,this.onlyRow?null:i.request),this.decisions.make({what:e,index:o,data:{position:i.position,only_row:this.onlyRow,...t}});
let r=this.sheet.nextOpen(o);r===null||r===o?this.show(this.isTable?o+1:o):this.show(r)}startEdit(){let{row:e}=this;e===void 0||e.answer===null||this.over||(this.
closeInputs(),this.clearWords(),this.isTable&&this.turn(!1),this.one.edit(e)||(this.told.textContent="This answer is too long to be edited here: session.review(\
RUN).edit(...)"))}save(e){let t=this.one.untouched;this.root.focus(),this.one.close(),t?this.decide("accept"):this.decide("edit",{...e})}startReject(){this.row===
void 0||this.row.answer===null||this.over||(this.closeInputs(),this.clearWords(),this.isTable&&this.turn(!1),this.rejecting=!0,this.noting.hidden=!1,this.note.value=
this.lastNote,this.note.focus(),this.note.select())}saveReject(){let e=this.note.value.trim();if(e===""){this.told.textContent="A rejection needs a note that sa\
ys why.",this.note.focus();return}this.lastNote=e,this.root.focus(),this.decide("reject",{note:e})}undo(){if(this.over)return;this.clearWords();let e=this.made.
pop();if(e===void 0||e<0){this.undoing=!0,this.decisions.make({what:"undo",index:-1,data:{}});return}this.sheet.takeBack(e),this.decisions.make({what:"undo",index:e,
data:{}}),this.show(e)}decideMany(e,t,i){this.leave(),this.made.push(-1),this.told.textContent="…",this.decisions.make({what:e,index:-1,data:{many:t.holds,...e===
"edit"?{text:i}:{note:i}}})}saved(e,t){this.sheet.confirm(e.index,this.decisions.waits(e.index)),this.learn(t),(e.what==="edit"||e.what==="undo")&&this.table.renew(
e.index<0?this.at:e.index),t.said&&(this.told.textContent=t.said),e.data.many!==void 0&&this.sheet.letter(this.at)!=="p"&&this.show(this.sheet.nextOpen(this.at)??
this.at),e.what==="undo"&&e.index<0?(this.undoing=!1,typeof t.go=="number"&&this.show(t.go)):e.what==="undo"&&typeof t.go=="number"&&t.go!==e.index&&this.decisions.
unsaved===0&&this.show(t.go),this.redraw(),this.goOn()}learn(e){e.letters!==void 0&&(this.sheet.replace(e.letters),this.table.refresh());for(let[t,i]of e.changed??
[])this.sheet.change(t,i),i==="e"&&this.table.renew(t);e.progress!==void 0&&(this.progress=e.progress,this.bar.show(e.progress)),this.sheet.getAhead(this.at),this.
tellFinished()}redraw(){this.table.select(this.at),this.row!==void 0&&!this.one.editing&&this.draw()}failed(e,t,i){this.undoing=!1,this.typedAhead=[],this.made=
[],this.sheet.forgetSupposed();let o=e.index<0?"The last step":`Number ${c(e.index+1)}`,n=i>0?` What was decided after it (${u(i,"decision")}) was not saved eit\
her.`:"";e.index>=0&&this.show(e.index),this.said.textContent=`${o} was not saved. ${t}${n}`;let{row:r}=this;e.what==="edit"&&r!==void 0&&e.index===this.at?this.
one.edit(r,e.data):this.root.contains(document.activeElement)&&this.root.focus(),this.sync()}async sync(){this.learn(await this.ask("sync")),this.redraw()}tellWaiting(e,t){
this.saving.textContent=e===0?"":t>K?`${u(e,"decision")} not saved yet: the kernel has not answered for ${Math.round(t)} s`:`saving ${e}`,this.saving.classList.
toggle("loopai-bad",e>0&&t>K),this.tellFinished()}tellFinished(){let e=this.progress.pending===0&&this.progress.total>0&&this.decisions.unsaved===0;this.finished.
hidden=!e||this.over,this.finished.firstElementChild.textContent=`All ${c(this.progress.total)} are reviewed.`}left(){window.setTimeout(()=>{document.hasFocus()&&
!this.root.contains(document.activeElement)&&this.root.isConnected&&!this.finished.hidden&&this.made.length>0&&this.done()},400)}async done(){if(this.over)return;
if(this.decisions.unsaved>0){this.told.textContent="It closes when everything is saved; press Done again then.";return}let{said:e}=await this.ask("done");this.end(
e)}end(e){this.over=!0,this.close(),this.root.replaceChildren(s("div",{class:"ended"},...e.map(t=>s("div",{},t))))}async search(e){let t=this.find.value;if(t===
""){this.find.focus();return}let i=this.sheet.hit===t,o=await this.ask("find",{text:t,step:e,index:this.at+(i?e:0)});this.sheet.look(t),this.found.textContent=o.
count===0?"in no row":`in ${c(o.count)}`,this.show(o.index??this.at)}async list(){this.said.textContent="";try{let e=this.filter.where.state===void 0?this.row?.
position:void 0,t=await this.ask("list",{where:this.filter.where,sort:this.filter.order,position:e});this.total=t.total,this.made=[],this.sheet.reset(t.letters),
this.table.reset(t.total),this.progress=t.progress,this.bar.show(t.progress),this.show(t.at),this.tellFilter()}catch(e){if(!(e instanceof w))throw e;this.said.textContent=
e.message}}tellFilter(){let{words:e}=this.filter;this.filtered.hidden=e==="",this.filtered.replaceChildren(s("span",{},`${u(this.total,"row")}: ${e}`),l("All ro\
ws",()=>this.filter.clear(),{class:"loopai-plain"})),this.filterButton.setAttribute("aria-pressed",String(e!==""||!this.filter.element.hidden))}named(e){if(e===
"rule")return"those for which a rule holds …";if(e==="list")return this.filter.words===""?"all that are not decided":`those of the filter: ${this.filter.words}`;
let t=(this.row?.answer??[]).map(([,i])=>i).join("");return`those that say “${t.length>40?`${t.slice(0,40)}…`:t}”, as this one`}toggleFilter(){let e=this.
filter.element.hidden;this.closeInputs(),this.filter.element.hidden=!e,this.tellFilter(),e?this.filter.focus():this.root.focus()}toggleMany(){this.many.element.
hidden?this.openMany():this.leave()}openMany(){this.closeInputs(),this.clearWords(),this.root.focus(),this.manyButton.setAttribute("aria-pressed","true"),this.many.
open()}async askPrompt(){let{row:e}=this;if(e===void 0)return;this.isTable&&this.turn(!1);let t=await this.ask("prompt",{position:e.position});e===this.row&&this.
one.addPrompt(t.prompt,t.system)}listen(){let e=i=>()=>this.when(i),t={a:e(()=>this.decide("accept")),e:e(()=>this.startEdit()),x:e(()=>this.startReject()),s:e(
()=>this.decide("skip")),u:e(()=>this.undo()),o:e(()=>this.turnOnly()),j:e(()=>this.step(1)),k:e(()=>this.step(-1)),g:e(()=>this.nextOpen()),b:e(()=>this.toggleMany()),
p:e(()=>{this.askPrompt()}),ArrowDown:()=>this.step(1),ArrowUp:()=>this.step(-1),PageDown:()=>this.step(10),PageUp:()=>this.step(-10),Home:()=>this.show(0),End:()=>this.
show(this.total-1),"/":()=>this.find.focus(),n:()=>{this.search(1)},N:()=>{this.search(-1)},f:()=>this.toggleFilter(),t:()=>this.turn(!this.isTable),Enter:()=>this.
finished.hidden||void this.done(),Escape:()=>this.leave()};this.root.addEventListener("keydown",i=>{let o=["INPUT","TEXTAREA","SELECT"].includes(i.target.tagName),
n=i.repeat&&de.has(b(i))&&!o,r=!this.many.element.hidden&&!o&&!["Tab","Shift"].includes(i.key),h=i.target.tagName==="BUTTON"&&["Enter"," "].includes(i.key);!n&&
(!r||h)||(i.preventDefault(),i.stopImmediatePropagation(),r&&!i.repeat&&this.many.key(b(i)))}),this.root.addEventListener("focusout",()=>this.left()),I(this.root,
t,{Escape:()=>this.many.element.contains(document.activeElement)?this.many.escape():this.leave(),"Ctrl+Enter":()=>this.one.save(),Enter:()=>this.enter()})}enter(){
let e=document.activeElement;e===this.find?this.search(1):e===this.note?this.saveReject():e===this.jump&&this.jump.value!==""?(this.show(Number(this.jump.value)-
1),this.root.focus()):this.filter.element.contains(e)?this.list():this.many.element.contains(e)?this.many.enter():this.one.editing&&e instanceof HTMLElement&&e.
tagName==="INPUT"&&this.one.save()}turnOnly(){this.only.hidden||(this.onlyRow=!this.onlyRow,this.only.setAttribute("aria-pressed",String(this.onlyRow)))}turn(e){
this.closeInputs(),this.tableBox.hidden=!e,this.root.classList.toggle("tabled",e),this.oneTab.setAttribute("aria-selected",String(!e)),this.tableTab.setAttribute(
"aria-selected",String(e)),this.root.focus(),this.show(this.at)}closeInputs(){this.one.editing&&this.one.close(),this.rejecting=!1,this.noting.hidden=!0,this.many.
element.hidden=!0,this.manyButton.setAttribute("aria-pressed","false")}clearWords(){this.said.textContent="",this.told.textContent=""}leave(){let e=this.filter.
element.contains(document.activeElement);this.typedAhead=[],!this.rejecting&&!this.one.editing&&e&&(this.filter.element.hidden=!0),this.closeInputs(),this.tellFilter(),
this.clearWords(),this.root.focus()}},Xe={initialize({model:a}){O({model:a})},render({model:a,el:e}){let t=new g(a),i=Math.random().toString(36).slice(2,10),o,n=!1;
return t.ask("open",{view:i}).then(r=>{n||(o=new P(t,e,r,i))}),()=>{n=!0,o?.close(),t.close()}}};export{Xe as default};
