function n(r,e={},...t){let i=document.createElement(r);for(let[s,o]of Object.entries(e))o===!1||o===null||o===void 0||i.setAttribute(s,o===!0?"":String(o));return i.
append(...t.filter(s=>!!s||s==="")),i}var te={"":"span",odd:"span",cut:"del",new:"ins",hit:"mark"},ie={odd:"invisible character",cut:"",new:"",hit:""};function v(r){
let e=document.createDocumentFragment();for(let[t,i]of r){if(t===""){e.append(i);continue}let s=ie[t];e.append(n(te[t],{class:`loopai-${t}`,title:s||null},i))}return e}
function d(r,e,t={}){let i=n("button",{type:"button",class:`loopai-button ${t.class??""}`.trim(),title:t.title??null,"aria-keyshortcuts":t.key??null},r,t.key!==
void 0&&n("kbd",{"aria-hidden":"true"},t.key));return i.addEventListener("click",e),i}var g=class extends Error{},b=class{constructor(e){this.model=e;e.on("msg:custom",this.receive)}model;waiting=new Map;heard=new Map;unheard=new Map;name=Math.random().
toString(36).slice(2,10);asked=0;ask(e,t={}){let i=`${this.name}-${this.asked+=1}`;return new Promise((s,o)=>{this.waiting.set(i,{resolve:s,reject:o});let a=()=>this.
model.send({...t,id:i,kind:e});e==="open"?O(a,()=>!this.waiting.has(i)):a()})}hear(e,t){this.heard.set(e,t),this.unheard.has(e)&&(t(this.unheard.get(e)),this.unheard.
delete(e))}close(){this.model.off("msg:custom",this.receive),this.waiting.clear()}receive=e=>{let t=e;if(t.push!==void 0){let s=this.heard.get(t.push);s===void 0?
this.unheard.set(t.push,t.data):s(t.data);return}let i=t.id===void 0?void 0:this.waiting.get(t.id);t.id===void 0||i===void 0||(this.waiting.delete(t.id),t.error===
void 0?i.resolve(t.ok):i.reject(new g(t.error)))}};function N({model:r}){let e=!1,t=i=>{e||=i.push==="met",e&&r.off("msg:custom",t)};r.on("msg:custom",t),O(()=>r.
send({kind:"hello"}),()=>e)}var se=400,ne=5e3,oe=25;function O(r,e,t=oe,i=se){r();let s=Math.min(1.5*i,ne);t>1&&window.setTimeout(()=>e()||O(r,e,t-1,s),i)}var re=40,ae=75,D=".jp-NotebookPanel",W=".jp-OutputArea",P="jp-RenderedHTMLCommon";async function F(r,e,t){let i=await e.ask("house"),s=i===null?null:await de(i,
r);if(i===null||s===null){await e.ask("homeless");return}let o=s.closest(`.${P}`);o?.classList.remove(P);let a=le(`${i}-kept`,s),l=document.activeElement;s.append(
r),l instanceof HTMLElement&&r.contains(l)&&l.focus({preventScroll:!0}),t(()=>{r.remove(),a(),o?.classList.add(P)}),await e.ask("housed")}function le(r,e){let t=e.
closest(D),i=`${r}-here`;t?.classList.add(i);let s=t===null?"":`.${i}`,o=n("style",{},`${s} div.${r} { display: none }`,`${s} ${W}-child:has(div.${r}) { display\
: none }`);return e.append(o),()=>{o.remove(),t?.classList.remove(i)}}async function de(r,e){for(let t=0;t<re;t+=1){let s=(e.closest(D)??e.getRootNode()).querySelector(
`.${r}`);if(s!==null)return s;if(e.isConnected&&e.closest(W)===null)return null;await new Promise(o=>window.setTimeout(o,ae))}return null}function q(r){return r.altKey?"":r.ctrlKey||r.metaKey?r.key==="Enter"?"Ctrl+Enter":"":r.key}var he=new Set(["INPUT","TEXTAREA","SELECT"]);function K(r,e,t={}){r.
tabIndex=0,r.setAttribute("data-lm-suppress-shortcuts","true"),r.addEventListener("focusin",i=>{i.target.setAttribute("data-lm-suppress-shortcuts","true")}),r.addEventListener(
"keydown",i=>{i.stopPropagation();let s=i.target,o=q(i),a=he.has(s.tagName);if(s.tagName==="TEXTAREA"&&o==="Enter"||!a&&s.tagName==="BUTTON"&&(o==="Enter"||o===
" "))return;let l=(a?t:e)[o];l===void 0||o===""||(i.preventDefault(),l())})}function pe(r,e,t,i,s=8){let o=Math.max(0,Math.floor(r/t)-s),a=Math.min(i,Math.ceil((r+e)/t)+s);return[Math.min(o,i),Math.max(a,Math.min(o,i))]}var U=8e6,y=class{constructor(e,t,i,s=64){
this.rowHeight=t;this.source=i;this.page=s;this.canvas=n("div",{class:"loopai-rows-canvas"}),this.element=n("div",{class:"loopai-rows",role:"listbox","aria-labe\
l":e,tabindex:0},this.canvas),this.element.addEventListener("scroll",()=>this.soon()),this.element.addEventListener("click",o=>{let a=o.target.closest("[data-in\
dex]");a!==null&&this.source.choose(Number(a.dataset.index))}),new ResizeObserver(()=>this.soon()).observe(this.element),new IntersectionObserver(()=>this.soon()).
observe(this.element)}rowHeight;source;page;element;canvas;kept=new Map;asked=new Set;count=0;selected=0;epoch=0;frame=0;reset(e){this.epoch+=1,this.count=e,this.
kept.clear(),this.asked.clear(),this.canvas.style.height=`${Math.min(e*this.rowHeight,U)}px`,this.soon()}refresh(){this.epoch+=1,this.kept.clear(),this.asked.clear(),
this.soon()}renew(e){this.asked.delete(Math.floor(e/this.page)),this.soon()}select(e){this.selected=e;let t=this.scale(),i=this.element,[s,o]=[e*this.rowHeight,
i.scrollTop/t];s<o?i.scrollTop=s*t:s+this.rowHeight>o+i.clientHeight&&(i.scrollTop=(s+this.rowHeight-i.clientHeight)*t),this.soon()}scale(){return Math.min(1,U/
Math.max(1,this.count*this.rowHeight))}soon(){this.frame===0&&(this.frame=requestAnimationFrame(()=>{this.frame=0,this.paint()}))}paint(){let e=this.scale(),t=this.
element.scrollTop;if(this.element.clientHeight===0)return;let[i,s]=pe(t/e,this.element.clientHeight,this.rowHeight,this.count);this.want(i,s);let o=[];for(let a=i;a<
s;a+=1){let l=this.kept.get(a),h=a===this.selected,p=n("div",{class:"loopai-row",role:"option",id:`${this.id}-${a}`,"aria-posinset":a+1,"aria-setsize":this.count,
"aria-selected":h?"true":"false","data-index":a});p.style.top=`${t+a*this.rowHeight-t/e}px`,p.style.height=`${this.rowHeight}px`,l!==void 0&&this.source.draw(l,
p,h),o.push(p)}this.canvas.replaceChildren(...o),this.element.setAttribute("aria-activedescendant",`${this.id}-${this.selected}`)}id=`loopai-${Math.random().toString(
36).slice(2,10)}`;want(e,t){for(let i=Math.floor(e/this.page);i*this.page<t;i+=1){if(this.asked.has(i))continue;this.asked.add(i);let s=this.epoch,o=i*this.page;
this.source.window(o,Math.min(this.page,this.count-o)).then(a=>{s===this.epoch&&(a.forEach((l,h)=>this.kept.set(o+h,l)),this.soon())},()=>this.asked.delete(i))}}};var w={p:"not decided",a:"accepted",e:"edited",r:"rejected",s:"skipped","-":"no answer"},z={p:"",a:"✓",e:"✎",r:"✗",s:"→","-":"–"};function c(r){return r.
toLocaleString("en")}function u(r,e){return r===1?`1 ${e}`:`${c(r)} ${e}s`}var G=["accepted","edited","rejected","skipped"],x=class{element=n("div",{class:"howfar"});bar=n("div",{class:"bar",role:"progressbar","aria-label":"Reviewed","\
aria-valuemin":0});words=n("div",{class:"words"});constructor(){this.element.append(this.bar,this.words)}show(e){let t=e.total-e.pending;this.bar.setAttribute("\
aria-valuemax",String(e.total)),this.bar.setAttribute("aria-valuenow",String(t)),this.bar.replaceChildren(...G.filter(s=>e[s]>0).map(s=>{let o=n("div",{class:`p\
art ${s}`,title:`${c(e[s])} ${s}`});return o.style.width=`${100*e[s]/Math.max(1,e.total)}%`,o}));let i=G.filter(s=>e[s]>0).map(s=>n("span",{class:"part"},n("spa\
n",{class:`swatch ${s}`,"aria-hidden":"true"}),`${c(e[s])} ${s}`));this.words.replaceChildren(n("strong",{},`${c(t)} of ${c(e.total)} reviewed`),...i)}};var k=class{constructor(e,t,i){this.ask=e;this.told=t;this.now=i;this.heardMs=i()}ask;told;now;sent=[];seq=0;epoch=0;heardMs;againMs=4e3;sentMs=0;get unsaved(){
return this.sent.length}waits(e){return this.sent.some(t=>t.index===e)}make(e){this.sent.length===0&&(this.heardMs=this.now());let t={...e,seq:this.seq+=1};this.
sent.push(t),this.send(t),this.tell()}tick(){if(this.sent.length!==0){if(this.now()-this.sentMs>this.againMs){this.againMs=Math.min(6e4,this.againMs*2);for(let e of this.
sent)this.send(e)}this.tell()}}send(e){this.sentMs=this.now();let t=this.epoch;this.ask({...e.data,what:e.what,seq:e.seq,epoch:t}).then(i=>this.confirmed(e,i),i=>this.
refused(e,i.message))}confirmed(e,t){if(this.heard(),t.again!==void 0){this.sendFrom(t.again,e.seq);return}let i=this.sent.indexOf(e);i<0||(this.sent.splice(i,1),
this.told.saved(e,t),this.tell())}refused(e,t){this.heard();let i=this.sent.indexOf(e);if(i<0)return;let s=this.sent.length-i-1;this.sent.splice(i),this.epoch+=
1,this.told.failed(e,t,s),this.tell()}sendFrom(e,t){for(let i=e;i<=t;i+=1){let s=this.sent.find(o=>o.seq===i);s!==void 0?this.send(s):this.ask({what:"undo",seq:i,
epoch:-1}).catch(()=>{})}}heard(){this.heardMs=this.now(),this.againMs=4e3}tell(){this.told.waiting(this.sent.length,(this.now()-this.heardMs)/1e3)}};var ce=["pending","accepted","edited","rejected","skipped"],ue=["answered","cached","failed","skipped"],X=[["","as in the frame"],["answer","by answer"],["lengt\
h","shortest answer"],["-length","longest answer"],["latency","fastest"],["-latency","slowest"],["state","by review"]],M=class{constructor(e,t,i){this.apply=t;let s=`\
loopai-${Math.random().toString(36).slice(2,10)}`;this.answer.setAttribute("list",`${s}-answers`),this.differs.setAttribute("list",`${s}-others`);let o=(h,...p)=>n(
"label",{},n("span",{},h),...p),a=(h,p,f)=>(p.setAttribute("aria-label",`${h}, least`),f.setAttribute("aria-label",`${h}, most`),n("div",{class:"pair"},n("span",
{},h),n("span",{class:"ends"},p," to ",f))),l=h=>h.map(([p,f])=>n("option",{value:p},f));this.element.append(n("div",{class:"grid"},o("Review",this.state),o("An\
swer is",this.answer),o("Answer has",this.contains),o("Status",this.status),a("Characters",this.least,this.most),a("Latency, ms",this.fastest,this.slowest),o("D\
iffers from",this.differs),e.has_schema&&o("Schema",this.fits),o("Order",this.sort),n("label",{class:"wide"},n("span",{},"Rule"),this.rule)),n("datalist",{id:`${s}\
-answers`},...l(e.frequent.map(([h,p])=>[h,`${p} rows`]))),n("datalist",{id:`${s}-others`},...l([...e.names.map(h=>[h,"column"]),...e.runs.map(h=>[h,"run"])])),
n("div",{class:"buttons"},d("Show these rows",t,{class:"loopai-main",key:"Enter"}),d("All rows",()=>this.clear(),{}),d("Back",i,{class:"loopai-plain",key:"Esc"})));
for(let h of[this.state,this.status,this.fits,this.sort])h.addEventListener("change",t)}apply;element=n("div",{class:"filter",hidden:!0,role:"group","aria-label":"\
Filter"});state=E("any",ce.map(e=>[e,e==="pending"?"not decided":e]));status=E("any",ue.map(e=>[e,e==="skipped"?"not asked":e]));answer=n("input",{type:"text",autocomplete:"\
off"});contains=n("input",{type:"text"});least=T("least");most=T("most");fastest=T("least");slowest=T("most");fits=E("any",[["yes","fits"],["no","does not fit"]]);differs=n(
"input",{type:"text",autocomplete:"off",placeholder:"a column or a run"});rule=n("input",{type:"text",class:"wide",placeholder:"answer == 'other' and latency_ms\
 > 900",spellcheck:"false"});sort=E(null,X);focus(){this.state.focus()}get where(){let e=s=>s.value===""?null:Number(s.value),t=(s,o)=>s.value===""&&o.value===""?
null:[e(s),e(o)],i={state:this.state.value,status:this.status.value,answer:this.answer.value,contains:this.contains.value,length:t(this.least,this.most),latency_ms:t(
this.fastest,this.slowest),fits:this.fits.value===""?null:this.fits.value==="yes",differs:this.differs.value,rule:this.rule.value};return Object.fromEntries(Object.
entries(i).filter(([,s])=>s!==""&&s!==null))}get order(){return this.sort.value}get words(){let e=[],{state:t,status:i,answer:s,contains:o,length:a,latency_ms:l,
fits:h,differs:p,rule:f}=this.where,_=H=>{let[C,j]=H;return C===null?`at most ${j}`:j===null?`at least ${C}`:`${C} to ${j}`};t!==void 0&&e.push(t==="pending"?"n\
ot decided":String(t)),i!==void 0&&e.push(i==="skipped"?"not asked":String(i)),s!==void 0&&e.push(`answer “${String(s)}”`),o!==void 0&&e.push(`with “${String(
o)}”`),a!==void 0&&e.push(`${_(a)} characters`),l!==void 0&&e.push(`${_(l)} ms`),h!==void 0&&e.push(h===!0?"fits":"does not fit"),p!==void 0&&e.push(`differs \
from ${String(p)}`),f!==void 0&&e.push(String(f));let ee=X.find(([H])=>H===this.order)?.[1]??"";return this.order!==""&&e.push(ee),e.join(" · ")}clear(){for(let e of this.
element.querySelectorAll("input"))e.value="";for(let e of[this.state,this.status,this.fits,this.sort])e.value="";this.apply()}};function E(r,e){return n("select",
{},r!==null&&n("option",{value:""},r),...e.map(([t,i])=>n("option",{value:t},i)))}function T(r){return n("input",{type:"number",min:0,placeholder:r})}var B=["list","answer","rule"],me={accept:"Accept",edit:"Change",reject:"Reject",skip:"Skip"},L=class{constructor(e){this.asks=e;this.choices=n("div",{class:"bu\
ttons"},d("Accept all",()=>this.choose("accept"),{key:"a"}),d("Change all to …",()=>this.choose("edit"),{key:"e"}),d("Reject all …",()=>this.choose("reject"),
{key:"x"}),d("Skip all",()=>this.choose("skip"),{key:"s"}),d("Back",()=>e.leave(),{class:"loopai-plain",key:"Esc"})),this.sure.append(this.words,this.confirm,d(
"Back",()=>e.back(),{class:"loopai-plain",key:"Esc"})),this.element.append(n("div",{class:"which"},this.which,this.rule),this.said,this.choices,this.sure),this.
which.addEventListener("change",()=>this.turned()),this.rule.addEventListener("change",()=>this.turned())}asks;element=n("div",{class:"many",hidden:!0,role:"gro\
up","aria-label":"Many at once"});which=n("select",{"aria-label":"Which rows"});rule=n("input",{type:"text",class:"wide",placeholder:"remarks.str.contains('bird\
') and latency_ms < 900","aria-label":"Rule",spellcheck:"false"});words=n("input",{type:"text","aria-label":"Words"});said=n("div",{class:"counted",role:"status"});confirm=d(
"",()=>this.confirmed(),{class:"loopai-main",key:"Enter"});choices;sure=n("div",{class:"buttons sure",hidden:!0});what="accept";counted=null;asking=0;key(e){let t={
a:"accept",e:"edit",x:"reject",s:"skip"};if(!this.sure.hidden){e==="Enter"?this.confirmed():e==="Escape"&&this.asks.back();return}e==="Escape"?this.asks.leave():
B[Number(e)-1]!==void 0?(this.which.value=B[Number(e)-1],this.turned()):e in t&&this.choose(t[e])}enter(){document.activeElement===this.rule?this.turned():this.
sure.hidden||this.confirmed()}escape(){this.sure.hidden?this.asks.leave():this.asks.back()}open(){let e=this.which.value,t=B.map((i,s)=>n("option",{value:i},`${s+
1}  ${this.asks.named(i)}`));this.which.replaceChildren(...t),this.which.value=e||"list",this.element.hidden=!1,this.sure.hidden=!0,this.choices.hidden=!1,this.
turned()}turned(){let e=this.which.value;if(this.rule.hidden=e!=="rule",this.counted=null,this.able(!1),e==="rule"&&this.rule.value.trim()===""){this.said.textContent=
"A rule compares columns; Enter counts its rows.",this.rule.focus();return}this.said.textContent="counting …";let t=this.asking+=1;this.asks.count(e,this.rule.
value).then(i=>{t===this.asking&&(this.counted=i,this.said.textContent=ve(i),this.able(i.rows>0))},i=>{t===this.asking&&(this.said.textContent=i.message)})}able(e){
for(let t of[...this.choices.querySelectorAll("button")].slice(0,-1))t.disabled=!e}choose(e){this.counted===null||this.counted.rows===0||(this.what=e,this.words.
hidden=e==="accept"||e==="skip",this.words.placeholder=e==="edit"?"the answer that they get":"why",this.words.value="",this.confirm.firstChild.textContent=`${me[e]}\
 ${u(this.counted.holds,"row")}`,this.choices.hidden=!0,this.sure.hidden=!1,(this.words.hidden?this.confirm:this.words).focus())}confirmed(){if(this.counted===null)
return;let e=this.words.value.trim();if(!this.words.hidden&&e===""){this.words.focus();return}this.asks.decide(this.what,this.counted,e)}};function ve({rows:r,holds:e}){
if(r===0)return"No row of these waits for a decision.";let t=e>r?`, and ${c(e-r)} more with the same requests`:"";return`${u(r,"row")}${t}.`}function V(r){return r<1e3?`${Math.round(r)} ms`:`${(r/1e3).toFixed(1)} s`}var J=60,S=class{constructor(e,t){this.fields=e;this.acts=t;this.side.append(this.facts,this.answer,this.editor),this.element.append(this.row,this.side)}fields;acts;element=n(
"div",{class:"one"});row=n("div",{class:"row",tabindex:0,role:"group","aria-label":"Row"});side=n("div",{class:"side"});facts=n("div",{class:"facts loopai-quiet"});answer=n(
"div",{class:"answer",tabindex:0,role:"group","aria-label":"Answer"});editor=n("div",{class:"editor",hidden:!0});note=n("input",{type:"text","aria-label":"Note"});read=()=>({
note:""});before="";shownRow=null;get editing(){return!this.editor.hidden}under(...e){this.side.append(...e)}show(e,t,i){this.shownRow?.position!==e.position&&(this.
row.scrollTop=this.answer.scrollTop=0),this.shownRow=e,this.row.replaceChildren(we(e.cells)),this.mark(t,i),this.answer.replaceChildren(...this.said(e)),this.element.
removeAttribute("aria-busy")}mark(e,t){let i=this.shownRow;if(i===null)return;let s=!t&&i.reviewer!==null&&e!=="p"?` by ${i.reviewer}`:"",o=[i.status,i.latency_ms===
null?"":V(i.latency_ms),i.answer===null?"":u(i.length,"character")],a=i.alike>1?`${c(i.alike)} rows with this request`:"";this.facts.replaceChildren(n("span",{class:`\
state is-${e==="-"?"none":e}`},t?`${w[e]} …`:`${w[e]}${s}`),n("span",{},[...o,a].filter(Boolean).join(" · ")))}wait(){this.element.setAttribute("aria-busy","\
true")}none(e){this.shownRow=null,this.row.replaceChildren(n("p",{class:"loopai-quiet"},e)),this.facts.replaceChildren(),this.answer.replaceChildren()}addPrompt(e,t){
this.row.append(n("h4",{},"What was asked"),n("pre",{},t!==null&&n("span",{class:"system"},"[system] ",v(t)),v(e))),this.row.lastElementChild?.scrollIntoView({block:"\
nearest"})}said(e){let t=[];return e.answer===null?t.push(n("p",{class:"loopai-bad"},v(e.error??[["","It was not asked."]]))):e.fields!==null?t.push(ge(this.fields.
map((i,s)=>[i.name,e.fields?.[s]??""]))):t.push(n("pre",{class:"text"},e.answer.length===0?n("span",{class:"loopai-quiet"},"(empty)"):v(e.answer))),e.original!==
null&&t.push(n("p",{class:"was loopai-quiet"},"The model said: ",n("del",{class:"loopai-cut"},v(e.original)))),e.note.length>0&&t.push(n("p",{class:"noted"},n("\
span",{class:"loopai-quiet"},"Note: "),v(e.note))),t}edit(e,t){if(e.answer===null||e.text===null)return!1;let i=e.fields!==null?this.form(t?.fields??e.fields):this.
area(t?.text??e.text);this.note=n("input",{type:"text",placeholder:"note, if you like","aria-label":"Note"}),this.note.value=t?.note??"",this.editor.replaceChildren(
...i,this.note,n("div",{class:"buttons"},d("Save",()=>this.save(),{class:"loopai-main",key:"Ctrl+Enter"}),d("Leave",()=>this.acts.leave(),{class:"loopai-plain",
key:"Esc"}))),this.before=JSON.stringify(this.read()),t!==void 0&&(this.before=""),this.editor.hidden=!1,this.side.classList.add("edits"),this.side.classList.toggle(
"fielded",e.fields!==null);let s=this.editor.querySelector("textarea, select, input");return s?.focus(),s instanceof HTMLTextAreaElement&&s.select(),!0}close(){
this.editor.hidden=!0,this.side.classList.remove("edits")}save(){this.editing&&this.acts.save(this.read())}get untouched(){return this.before===JSON.stringify(this.
read())}area(e){let t=n("textarea",{rows:Math.min(10,Math.max(2,e.split(`
`).length+1)),spellcheck:"false","aria-label":"Edited answer"});return t.value=e,this.read=()=>({text:t.value,note:this.note.value}),[t]}form(e){let t=this.fields.
map((i,s)=>fe(i,e[s]??""));return this.read=()=>({fields:t.map(i=>i.value),note:this.note.value}),[n("div",{class:"fields"},...this.fields.map((i,s)=>n("label",
{},n("span",{},i.name),t[s])))]}};function fe(r,e){if(r.kind==="choice"){let i=n("select",{},n("option",{value:""},""),...r.choices.map(s=>n("option",{value:s},
s)));return i.value=e,i}if(r.kind==="json"||e.length>J||e.includes(`
`)){let i=n("textarea",{rows:Math.min(6,Math.ceil(e.length/50)+1),spellcheck:"false"});return i.value=e,i}let t=n("input",{type:"text",inputmode:r.kind==="numbe\
r"?"decimal":null});return t.value=e,t}function we(r){let e=n("dl");for(let[t,i]of r)e.append(n("dt",{},t),n("dd",{},i.length===0?n("span",{class:"loopai-quiet"},
"–"):v(i)));return e}function ge(r){let e=n("dl",{class:"values"});for(let[t,i]of r)e.append(n("dt",{},t),n("dd",{class:i.length>J?"long":null},i===""?n("span",
{class:"loopai-quiet"},"–"):i));return e}var R=class{constructor(e){this.ask=e}ask;element=n("div",{class:"people",hidden:!0,role:"group","aria-label":"Reviewers"});button=d("Reviewers",()=>{this.turn()},
{class:"loopai-plain"});async turn(){let e=this.element.hidden;if(this.element.hidden=!e,this.button.setAttribute("aria-pressed",String(e)),!e)return;let{assigned:t,
agree:i,who:s}=await this.ask(),o=n("dl");for(let[l,h]of[...t,...i])o.append(n("dt",{},l),n("dd",{},h));let a=i.length===0?[n("p",{class:"loopai-quiet"},"No two\
 have decided about the same row.")]:[];this.element.replaceChildren(n("p",{},`Decided: ${s.join(", ")||"nobody yet"}`),o,...a)}};var be=4,A=class{constructor(e,t){this.opened=e;this.acts=t;this.accept=d("Accept",t.accept,{class:"loopai-main",key:"a"}),this.edit=d("Edit",t.edit,{key:"e"}),
this.reject=d("Reject …",t.reject,{key:"x"}),this.skip=d("Skip",t.skip,{key:"s"}),this.only=m("This row only",t.only,"not the others with the same request","o"),
this.oneTab=Y("One by one",!0,()=>t.table(!1)),this.tableTab=Y("Table",!1,()=>t.table(!0),"t"),this.filterButton=m("Filter",t.filter,"which rows, in which order",
"f"),this.manyButton=m("Many at once",t.many,"decide about many rows","b"),this.find.addEventListener("input",()=>{this.found.textContent=""})}opened;acts;saving=n(
"span",{class:"saving",role:"status"});said=n("div",{class:"said loopai-bad",role:"alert"});told=n("span",{class:"told",role:"status"});heard=n("div",{class:"lo\
opai-hidden",role:"status"});place=n("span",{class:"place"});find=n("input",{type:"search",placeholder:"find ( / )","aria-label":"Find in answers and rows"});found=n(
"span",{class:"found loopai-quiet",role:"status"});jump=n("input",{type:"number",class:"jump",min:1,placeholder:"go to","aria-label":"Go to the row of this numb\
er"});note=n("input",{type:"text",placeholder:"why","aria-label":"Why it is rejected"});noting=n("div",{class:"noting",hidden:!0});finished=n("div",{class:"fini\
shed",role:"status",hidden:!0});filtered=n("div",{class:"filtered",hidden:!0});tableBox=n("div",{class:"table",hidden:!0});accept;edit;reject;skip;only;oneTab;tableTab;filterButton;manyButton;layOut(e,t){
let{acts:i}=this;this.noting.append(this.note,d("Reject",i.saveReject,{class:"loopai-main",key:"Enter"}),d("Back",i.leave,{class:"loopai-plain",key:"Esc"})),this.
finished.append(n("span"),d("Done",i.done,{class:"loopai-main",key:"Enter"})),this.tableBox.append(this.heads(),t.table),t.one.under(n("div",{class:"acts"},this.
accept,this.edit,this.reject,this.skip,this.only),this.noting),e.append(this.head(),t.bar,this.tools(t.people),t.filter,t.many,t.people.element,this.filtered,this.
tableBox,t.one.element,this.said,this.finished,this.foot(),this.heard)}head(){let{run:e,frame:t,reviewer:i,assigned:s}=this.opened;return n("div",{class:"head"},
n("h3",{},`Review of ${e}`),n("span",{class:"whose loopai-quiet"},`${t} · ${s?`the rows assigned to ${i}`:`reviewed by ${i}`}`),this.saving,d("Done",this.acts.
done,{title:"closes it; %loopai review goes on another day"}))}tools(e){let{acts:t,opened:i}=this;return n("div",{class:"tools"},n("div",{class:"tabs",role:"tab\
list"},this.oneTab,this.tableTab),n("span",{class:"find"},this.find,m("‹",()=>t.search(-1),"the one before that has it (N)"),m("›",()=>t.search(1),"the next\
 that has it (n)"),this.found),this.jump,this.filterButton,this.manyButton,(i.people>1||i.assigned)&&e.button,this.place)}heads(){let e=this.opened.columns.slice(
0,be);return this.tableBox.style.setProperty("--loopai-columns",String(Math.max(0,e.length-1))),n("div",{class:"heads","aria-hidden":"true"},...["","row","answe\
r",...e].map(t=>n("span",{},t)))}foot(){let{acts:e}=this;return n("div",{class:"foot"},d("Undo",e.undo,{key:"u"}),m("Before",()=>e.step(-1),"the row before (als\
o ↑)","k"),m("Next",()=>e.step(1),"the next row (also ↓)","j"),m("Next open",e.nextOpen,"the next row that nobody decided about","g"),m("Prompt",e.prompt,"w\
hat was asked","p"),this.told,n("span",{class:"hint loopai-quiet"},"Click here, or press Tab, and the keys work."))}};function m(r,e,t,i){let s=d(r,e,{class:"lo\
opai-plain",title:t,...i===void 0?{}:{key:i}});return r.length===1&&s.setAttribute("aria-label",t),s}function Y(r,e,t,i){let s=d(r,t,i===void 0?{}:{key:i});return s.
setAttribute("role","tab"),s.setAttribute("aria-selected",String(e)),s}var $=class{constructor(e,t){this.source=t;this.letters=[...e]}source;letters;supposed=new Map;kept=new Map;asked=new Set;stale=new Set;epoch=0;hit="";reset(e){
this.supposed.clear(),this.replace(e)}replace(e){this.letters=[...e],this.forget()}look(e){e!==this.hit&&(this.hit=e,this.forget())}row(e){return this.kept.get(
e)}letter(e){return this.supposed.get(e)?.letter??this.letters[e]??"-"}suppose(e,t,i){this.supposed.set(e,{letter:t,request:i})}takeBack(e){this.supposed.set(e,
{letter:"p",request:null})}confirm(e,t){t||this.supposed.delete(e),this.renew(e)}forgetSupposed(){this.supposed.clear()}change(e,t){this.letters[e]=t,this.renew(
e)}nextOpen(e){let t=this.letters.length,i=new Set([...this.supposed.values()].filter(({letter:s})=>s!=="p").map(({request:s})=>s));for(let s=1;s<=t;s+=1){let o=(e+
s)%t;if(this.letter(o)!=="p")continue;let a=this.kept.get(o)?.request??null;if(a===null||!i.has(a))return o}return null}getAhead(e){let t=[e];for(let a=1;a<=3;a+=
1)t.push(e+a,e-a);let i=this.openAfter(e),s=[...t,...i].filter(a=>this.isMissing(a));if([...t,...i.slice(0,20)].some(a=>this.isMissing(a))){if(this.kept.size>1e3){
let a=new Set([...t,...i]);for(let l of this.kept.keys())a.has(l)||this.kept.delete(l)}this.get([...new Set(s)])}}openAfter(e){let t=[];for(let i=e+1;i<this.letters.
length&&t.length<40;i+=1)this.letter(i)==="p"&&t.push(i);return t}isMissing(e){let t=this.kept.has(e)&&!this.stale.has(e);return e>=0&&e<this.letters.length&&!t&&
!this.asked.has(e)}get(e){if(e.length===0)return;for(let s of e)this.asked.add(s),this.stale.delete(s);let t=this.epoch,i=s=>{if(t===this.epoch){for(let o of e)
this.asked.delete(o);for(let o of s)this.kept.set(o.index,o);for(let o of s)this.source.came(o.index);s.length>0&&this.get(e.slice(s.length).filter(o=>this.isMissing(
o)))}};this.source.rows(e,this.hit).then(i,()=>i([]))}renew(e){(this.kept.has(e)||this.asked.has(e))&&this.stale.add(e)}forget(){this.epoch+=1,this.kept.clear(),
this.asked.clear(),this.stale.clear()}};var ye=29,xe=100,ke=1e3,Q=6,Ee={accept:"a",edit:"e",reject:"r",skip:"s"},Te=new Set(["a","e","x","s","u","o"]),Me=new Set(["Tab","Shift","Control","Alt","Meta",
"CapsLock"]),Le=new Set(["Escape","ArrowUp","ArrowDown","PageUp","PageDown","Home","End"]),I=class{constructor(e,t,i,s){this.kernel=e;this.opened=i;this.view=s;
this.total=i.total,this.progress=i.progress,this.sheet=new $(i.letters,{rows:(o,a)=>this.ask("rows",{indices:o,hit:a}),came:o=>this.came(o)}),this.decisions=new k(
o=>this.ask("do",o),{saved:(o,a)=>this.saved(o,a),failed:(o,a,l)=>this.failed(o,a,l),waiting:(o,a)=>this.tellWaiting(o,a)},()=>performance.now()),this.one=new S(
i.fields,{save:o=>this.save(o),leave:()=>this.leave(),prompt:()=>{this.askPrompt()}}),this.table=new y("Answers",ye,{window:(o,a)=>this.ask("lines",{first:o,count:a}),
draw:(o,a)=>this.drawLine(o,a),choose:o=>this.show(o)}),this.filter=new M(i,()=>{this.list()},()=>this.leave()),this.many=new L({count:(o,a)=>this.ask("count",{
which:o,rule:a,position:this.row?.position??0}),decide:(o,a,l)=>this.decideMany(o,a,l),leave:()=>this.leave(),back:()=>this.openMany(),named:o=>this.named(o)}),
this.people=new R(()=>this.ask("people")),this.kernel.hear("changed",o=>{o!==this.view&&this.sync()}),this.screen=new A(i,this.acts()),this.screen.layOut(this.root,
{bar:this.bar.element,filter:this.filter.element,many:this.many.element,people:this.people,table:this.table.element,one:this.one}),t.append(this.root),this.listen(),
this.ticking=window.setInterval(()=>this.decisions.tick(),ke),window.addEventListener("beforeunload",this.unload),this.bar.show(this.progress),this.table.reset(
this.total),this.show(i.at),this.tellFilter(),this.kernel.hear("closed",()=>this.closed()),i.over!==null?this.end(i.over):this.house()}kernel;opened;view;root=n(
"section",{class:"loopai-panel loopai-review","aria-label":"Review of answers"});sheet;decisions;table;one;filter;many;people;bar=new x;screen;ticking;typedAhead=[];keys={};writing={};undoing=!1;made=[];at=0;total;progress;onlyRow=!1;lastNote="";rejecting=!1;over=!1;goHome=null;get housed(){
return this.goHome!==null}close(){window.clearInterval(this.ticking),window.removeEventListener("beforeunload",this.unload)}async house(){await F(this.root,this.
kernel,e=>{this.goHome=e,this.table.select(this.at)})}closed(){this.goHome!==null&&(this.over=!0,this.goHome(),this.goHome=null,this.close())}ask(e,t={}){return this.
kernel.ask(e,{...t,view:this.view})}unload=e=>{this.decisions.unsaved>0&&e.preventDefault()};acts(){return{accept:()=>this.decide("accept"),edit:()=>this.startEdit(),
reject:()=>this.startReject(),saveReject:()=>this.saveReject(),skip:()=>this.decide("skip"),only:()=>this.turnOnly(),undo:()=>this.undo(),step:e=>this.step(e),nextOpen:()=>this.
nextOpen(),prompt:()=>{this.askPrompt()},search:e=>{this.search(e)},filter:()=>this.toggleFilter(),many:()=>this.toggleMany(),table:e=>this.turn(e),leave:()=>this.
leave(),done:()=>{this.done()}}}drawLine(e,t){let i=this.sheet.letter(e.index),s=this.decisions.waits(e.index);t.classList.add(`is-${i==="-"?"none":i}`),t.append(
n("span",{class:"mark",role:"img","aria-label":w[i],title:w[i]},s?"…":z[i]),n("span",{class:"at"},e.label),n("span",{class:"answer"},e.answer),...e.cells.map(
o=>n("span",{class:"cell"},o)))}get row(){return this.sheet.row(this.at)}get isTable(){return!this.screen.tableBox.hidden}show(e){if(this.closeInputs(),this.total===
0){this.one.none("There is no such row."),this.tellPlace();return}this.at=Math.max(0,Math.min(this.total-1,e)),this.table.select(this.at),this.onlyRow=!1,this.draw(),
this.sheet.getAhead(this.at)}draw(){let{row:e}=this;if(this.tellPlace(),e===void 0)this.one.wait();else{this.one.show(e,this.sheet.letter(this.at),this.decisions.
waits(this.at)),this.screen.only.hidden=e.alike<2,this.screen.only.setAttribute("aria-pressed",String(this.onlyRow));for(let i of[this.screen.accept,this.screen.
edit,this.screen.reject,this.screen.skip])i.disabled=e.answer===null;let t=e.fields?.join(", ")??e.answer?.map(([,i])=>i).join("")??"no answer";this.screen.heard.
textContent=`${this.at+1} of ${this.total}, ${t.slice(0,200)}, ${w[this.sheet.letter(this.at)]}`}}tellPlace(){let e=this.row?.label,t=e===void 0||e===String(this.
at)?"":` · row ${e}`;this.screen.place.textContent=this.total===0?"no rows":`${c(this.at+1)} of ${c(this.total)}${t}`}came(e){e===this.at&&(this.one.editing||this.
draw(),this.goOn())}step(e){this.show(this.at+e)}nextOpen(){let e=this.sheet.nextOpen(this.at);e!==null?this.show(e):this.screen.told.textContent="No row of the\
se is open."}get blocked(){return this.undoing||this.total>0&&this.row===void 0}goOn(){for(;this.typedAhead.length>0&&!this.blocked;)this.play(this.typedAhead.shift())}play(e){
let t=document.activeElement;t===null||!this.root.contains(t)||!Z(t)?this.many.element.hidden?this.keys[e]?.():this.many.key(e):this.writing[e]!==void 0&&!(t instanceof
HTMLTextAreaElement&&e==="Enter")?this.writing[e]():t instanceof HTMLSelectElement||Se(t,e)}decide(e,t={}){let{row:i}=this;if(i===void 0||this.over)return;if(i.
answer===null){this.screen.told.textContent=`This row has no answer. Ask it again: %loopai retry ${this.opened.run}`;return}this.clearWords();let s=this.at,o=e===
"accept"&&this.sheet.letter(s)==="e"?"e":Ee[e];this.made.push(s),this.sheet.suppose(s,o,this.onlyRow?null:i.request),this.decisions.make({what:e,index:s,data:{position:i.
position,only_row:this.onlyRow,...t}});let a=this.sheet.nextOpen(s);a===null||a===s?this.show(this.isTable?s+1:s):this.show(a)}startEdit(){let{row:e}=this;e===void 0||
e.answer===null||this.over||(this.closeInputs(),this.clearWords(),this.isTable&&this.turn(!1),this.one.edit(e)||(this.screen.told.textContent="This answer is to\
o long to be edited here: session.review(RUN).edit(...)"))}save(e){let t=this.one.untouched;this.root.focus(),this.one.close(),t?this.decide("accept"):this.decide(
"edit",{...e})}startReject(){this.row===void 0||this.row.answer===null||this.over||(this.closeInputs(),this.clearWords(),this.isTable&&this.turn(!1),this.rejecting=
!0,this.screen.noting.hidden=!1,this.screen.note.value=this.lastNote,this.screen.note.focus(),this.screen.note.select())}saveReject(){let e=this.screen.note.value.
trim();if(e===""){this.screen.told.textContent="A rejection needs a note that says why.",this.screen.note.focus();return}this.lastNote=e,this.root.focus(),this.
decide("reject",{note:e})}undo(){if(this.over)return;this.clearWords();let e=this.made.pop();if(e===void 0||e<0){this.undoing=!0,this.decisions.make({what:"undo",
index:-1,data:{}});return}this.sheet.takeBack(e),this.decisions.make({what:"undo",index:e,data:{}}),this.show(e)}decideMany(e,t,i){this.leave(),this.made.push(-1),
this.screen.told.textContent="…",this.decisions.make({what:e,index:-1,data:{many:t.holds,...e==="edit"?{text:i}:{note:i}}})}saved(e,t){this.sheet.confirm(e.index,
this.decisions.waits(e.index)),this.learn(t),(e.what==="edit"||e.what==="undo")&&this.table.renew(e.index<0?this.at:e.index),t.said&&(this.screen.told.textContent=
t.said),e.data.many!==void 0&&this.sheet.letter(this.at)!=="p"&&this.show(this.sheet.nextOpen(this.at)??this.at),e.what==="undo"&&e.index<0?(this.undoing=!1,typeof t.
go=="number"&&this.show(t.go)):e.what==="undo"&&typeof t.go=="number"&&t.go!==e.index&&this.decisions.unsaved===0&&this.show(t.go),this.redraw(),this.goOn()}learn(e){
e.letters!==void 0&&(this.sheet.replace(e.letters),this.table.refresh());for(let[t,i]of e.changed??[])this.sheet.change(t,i),i==="e"&&this.table.renew(t);e.progress!==
void 0&&(this.progress=e.progress,this.bar.show(e.progress)),this.sheet.getAhead(this.at),this.tellFinished()}redraw(){this.table.select(this.at),this.row!==void 0&&
!this.one.editing&&this.draw()}failed(e,t,i){this.undoing=!1,this.typedAhead=[],this.made=[],this.sheet.forgetSupposed();let s=e.index<0?"The last step":`Number\
 ${c(e.index+1)}`,o=i>0?` What was decided after it (${u(i,"decision")}) was not saved either.`:"";e.index>=0&&this.show(e.index),this.screen.said.textContent=`${s}\
 was not saved. ${t}${o}`;let{row:a}=this;e.what==="edit"&&a!==void 0&&e.index===this.at?this.one.edit(a,e.data):this.root.contains(document.activeElement)&&this.
root.focus(),this.sync()}async sync(){this.learn(await this.ask("sync")),this.redraw()}tellWaiting(e,t){this.screen.saving.textContent=e===0?"":t>Q?`${u(e,"deci\
sion")} not saved yet: the kernel has not answered for ${Math.round(t)} s`:`saving ${e}`,this.screen.saving.classList.toggle("loopai-bad",e>0&&t>Q),this.tellFinished()}tellFinished(){
let e=this.progress.pending===0&&this.progress.total>0&&this.decisions.unsaved===0;this.screen.finished.hidden=!e||this.over,this.screen.finished.firstElementChild.
textContent=`All ${c(this.progress.total)} are reviewed.`}left(){window.setTimeout(()=>{document.hasFocus()&&!this.root.contains(document.activeElement)&&this.root.
isConnected&&!this.screen.finished.hidden&&this.made.length>0&&this.done()},400)}async done(){if(this.over)return;if(this.decisions.unsaved>0){this.screen.told.
textContent="It closes when everything is saved; press Done again then.";return}let{said:e}=await this.ask("done");this.end(e)}end(e){this.over=!0,this.close(),
this.root.replaceChildren(n("div",{class:"ended"},...e.map(t=>n("div",{},t))))}async search(e){let t=this.screen.find.value;if(t===""){this.screen.find.focus();
return}let i=this.sheet.hit===t,s=await this.ask("find",{text:t,step:e,index:this.at+(i?e:0)});this.sheet.look(t),this.screen.found.textContent=s.count===0?"in \
no row":`in ${c(s.count)}`,this.show(s.index??this.at)}async list(){this.screen.said.textContent="";try{let e=this.filter.where.state===void 0?this.row?.position:
void 0,t=await this.ask("list",{where:this.filter.where,sort:this.filter.order,position:e});this.total=t.total,this.made=[],this.sheet.reset(t.letters),this.table.
reset(t.total),this.progress=t.progress,this.bar.show(t.progress),this.show(t.at),this.screen.said.textContent=t.doubt,this.tellFilter()}catch(e){if(!(e instanceof
g))throw e;this.screen.said.textContent=e.message}}tellFilter(){let{words:e}=this.filter;this.screen.filtered.hidden=e==="",this.screen.filtered.replaceChildren(
n("span",{},`${u(this.total,"row")}: ${e}`),d("All rows",()=>this.filter.clear(),{class:"loopai-plain"})),this.screen.filterButton.setAttribute("aria-pressed",String(
e!==""||!this.filter.element.hidden))}named(e){if(e==="rule")return"those for which a rule holds …";if(e==="list")return this.filter.words===""?"all that are \
not decided":`those of the filter: ${this.filter.words}`;let t=(this.row?.answer??[]).map(([,i])=>i).join("");return`those that say “${t.length>40?`${t.slice(
0,40)}…`:t}”, as this one`}toggleFilter(){let e=this.filter.element.hidden;this.closeInputs(),this.filter.element.hidden=!e,this.tellFilter(),e?this.filter.
focus():this.root.focus()}toggleMany(){this.many.element.hidden?this.openMany():this.leave()}openMany(){this.closeInputs(),this.clearWords(),this.root.focus(),this.
screen.manyButton.setAttribute("aria-pressed","true"),this.many.open()}async askPrompt(){let{row:e}=this;if(e===void 0)return;this.isTable&&this.turn(!1);let t=await this.
ask("prompt",{position:e.position});e===this.row&&this.one.addPrompt(t.prompt,t.system)}listen(){this.keys={a:()=>this.decide("accept"),e:()=>this.startEdit(),x:()=>this.
startReject(),s:()=>this.decide("skip"),u:()=>this.undo(),o:()=>this.turnOnly(),j:()=>this.step(1),k:()=>this.step(-1),g:()=>this.nextOpen(),b:()=>this.toggleMany(),
p:()=>{this.askPrompt()},ArrowDown:()=>this.step(1),ArrowUp:()=>this.step(-1),PageDown:()=>this.step(10),PageUp:()=>this.step(-10),Home:()=>this.show(0),End:()=>this.
show(this.total-1),"/":()=>this.screen.find.focus(),n:()=>{this.search(1)},N:()=>{this.search(-1)},f:()=>this.toggleFilter(),t:()=>this.turn(!this.isTable),Enter:()=>this.
screen.finished.hidden||void this.done(),Escape:()=>this.leave()},this.writing={Escape:()=>this.many.element.contains(document.activeElement)?this.many.escape():
this.leave(),"Ctrl+Enter":()=>this.one.save(),Enter:()=>this.enter()},this.root.addEventListener("keydown",e=>{let t=e.target,i=q(e);if(i===""||Z(t)||Me.has(i)||
t.tagName==="BUTTON"&&(i==="Enter"||i===" "))return;let o=e.repeat&&Te.has(i),a=!Le.has(i)&&(this.blocked||this.typedAhead.length>0),l=!this.many.element.hidden;
!o&&!a&&!l||(e.preventDefault(),e.stopImmediatePropagation(),!o&&(a?this.typedAhead.length<xe&&this.typedAhead.push(i):this.many.key(i)))}),this.root.addEventListener(
"focusout",()=>this.left()),K(this.root,this.keys,this.writing)}enter(){let e=document.activeElement;e===this.screen.find?this.search(1):e===this.screen.note?this.
saveReject():e===this.screen.jump&&this.screen.jump.value!==""?(this.show(Number(this.screen.jump.value)-1),this.root.focus()):this.filter.element.contains(e)?this.
list():this.many.element.contains(e)?this.many.enter():this.one.editing&&e instanceof HTMLElement&&e.tagName==="INPUT"&&this.one.save()}turnOnly(){this.screen.only.
hidden||(this.onlyRow=!this.onlyRow,this.screen.only.setAttribute("aria-pressed",String(this.onlyRow)))}turn(e){this.closeInputs(),this.screen.tableBox.hidden=!e,
this.root.classList.toggle("tabled",e),this.screen.oneTab.setAttribute("aria-selected",String(!e)),this.screen.tableTab.setAttribute("aria-selected",String(e)),
this.root.focus(),this.show(this.at)}closeInputs(){this.one.editing&&this.one.close(),this.rejecting=!1,this.screen.noting.hidden=!0,this.many.element.hidden=!0,
this.screen.manyButton.setAttribute("aria-pressed","false")}clearWords(){this.screen.said.textContent="",this.screen.told.textContent=""}leave(){let e=this.filter.
element.contains(document.activeElement);this.typedAhead=[],!this.rejecting&&!this.one.editing&&e&&(this.filter.element.hidden=!0),this.closeInputs(),this.tellFilter(),
this.clearWords(),this.root.focus()}};function Z(r){return["INPUT","TEXTAREA","SELECT"].includes(r.tagName)}function Se(r,e){let[t,i]=[r.selectionStart??r.value.
length,r.selectionEnd??r.value.length];e==="Backspace"?r.setRangeText("",t===i?Math.max(0,t-1):t,i,"end"):(e==="Enter"||e.length===1)&&r.setRangeText(e==="Enter"?
`
`:e,t,i,"end")}var bt=()=>{let r=null,e=new Set;return{initialize({model:t}){return r=t,N({model:t}),()=>{for(let i of e)i();e.clear()}},render({model:t,el:i}){
let s=new b(r??t),o=Math.random().toString(36).slice(2,10),a,l=!1,h=()=>{l=!0,a?.close(),s.close()};return e.add(h),s.ask("open",{view:o}).then(p=>{l||(a=new I(
s,i,p,o))}),()=>{a?.housed||(e.delete(h),h())}}}};export{bt as default};
