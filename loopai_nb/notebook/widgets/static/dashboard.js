function b(i,e={},...t){let n=document.createElement(i);for(let[s,o]of Object.entries(e))o===!1||o===null||o===void 0||n.setAttribute(s,o===!0?"":String(o));return n.
append(...t.filter(s=>!!s||s==="")),n}var va={"":"span",odd:"span",cut:"del",new:"ins",hit:"mark"},wa={odd:"invisible character",cut:"",new:"",hit:""};function wn(i){
let e=document.createDocumentFragment();for(let[t,n]of i){if(t===""){e.append(n);continue}let s=wa[t];e.append(b(va[t],{class:`loopai-${t}`,title:s||null},n))}return e}
function _e(i,e,t={}){let n=b("button",{type:"button",class:`loopai-button ${t.class??""}`.trim(),title:t.title??null,"aria-keyshortcuts":t.key??null},i,t.key!==
void 0&&b("kbd",{"aria-hidden":"true"},t.key));return n.addEventListener("click",e),n}var Cl=["1h","24h","7d","30d","all"],xn=["run","server","model","template"];var yn=class{now;before=[];told=new Set;jump=null;tab="overview";constructor(e){this.now=Object.freeze({...e})}get scope(){return this.now}get canGoBack(){return this.
before.length>0}get hasLog(){return this.jump!==null}change(e){let t={...this.now,...e};Object.keys(t).every(n=>t[n]===this.now[n])||(this.remember(),this.set(t))}range(e,t){
this.change({last:null,since_ms:Math.floor(e),until_ms:Math.ceil(t)})}last(e){this.change({last:e,since_ms:null,until_ms:null})}open(e){e!==this.tab&&(this.tab=
e,this.set(this.now))}back(){let e=this.before.pop();e!==void 0&&(this.tab=e.tab,this.set(e.scope))}showRequests(e,t={}){if(this.jump===null){this.change(t);return}
this.remember(),this.tab="requests",this.jump(e),this.set({...this.now,...t})}listen(e){return this.told.add(e),()=>this.told.delete(e)}jumpsBy(e){this.jump=e}remember(){
this.before.push({scope:this.now,tab:this.tab}),this.before.length>50&&this.before.shift()}set(e){this.now=Object.freeze({...e});for(let t of this.told)t(this.now)}};var Hl=["Jan","Feb","Mar","Apr","May","Jun","Jul","Aug","Sep","Oct","Nov","Dec"];function kn(i){let e=Math.abs(i);if(e<1e4)return Rt(i);for(let[t,n]of[[1e9,"G"],
[1e6,"M"],[1e3,"k"]])if(e>=t)return`${Fl(i/t)}${n}`;return Rt(i)}function Rt(i){return Math.round(i).toLocaleString("en")}function Nl(i){if(i===0)return"0";if(i>=
1)return i.toLocaleString("en",{minimumFractionDigits:2,maximumFractionDigits:2});let e=Math.min(12,Math.max(2,1-Math.floor(Math.log10(i)))),t=i.toFixed(e).replace(
/0+$/,"");return/\.\d\d/.test(t)?t:i.toFixed(2)}function $l(i){return i>=1e3?kn(i):Fl(i,12)}function si(i,e){if(e-i>=864e5){let o=bs(i);return e-i>864e5?`${o} –\
 ${bs(e-1)}`:o}let t=ni(new Date(i)),n=new Date(e),s=ni(n)===t||Pt(n)==="00:00"?Pt(n):`${ni(n)} ${Pt(n)}`;return`${t} ${Pt(new Date(i))} – ${s}`}function ql(i,e){
return e===null?`since ${Ji(i)}`:`${Ji(i)} – ${ni(new Date(i))===ni(new Date(e))?Pt(new Date(e)):Ji(e)}`}function Ji(i){return`${ni(new Date(i))} ${Pt(new Date(
i))}`}function zl(i,e){let t="",n=i.every(s=>s*1e3%864e5===0)?!1:e<864e5;return i.map(s=>{let o=new Date(s*1e3),a=n?ni(o):bs(s*1e3),u=n?a===t?Pt(o):Pt(o)==="00:\
00"?a:t===""?Pt(o):`${Pt(o)}
${a}`:a;return t=a,u})}function Fl(i,e=1){return String(Number(i.toPrecision(3)).toFixed(Math.min(e,12))).replace(/\.?0+$/,"")}function Rl(i){return String(i).padStart(2,"0")}function Pt(i){
return`${Rl(i.getHours())}:${Rl(i.getMinutes())}`}function ni(i){return`${i.getDate()} ${Hl[i.getMonth()]}${Wl(i.getFullYear())}`}function bs(i){let e=new Date(
i);return`${e.getUTCDate()} ${Hl[e.getUTCMonth()]}${Wl(e.getUTCFullYear())}`}function Wl(i){return i===new Date().getFullYear()?"":` ${i}`}var ya={"1h":"1 h","24h":"24 h","7d":"7 d","30d":"30 d",all:"All"},Il={"1h":"The last hour","24h":"The last 24 hours","7d":"The last 7 days","30d":"The last 30 \
days",all:"All that the ledger has"},Vl={run:"All runs",server:"All servers",model:"All models",template:"All templates"},Sn=class{constructor(e){this.state=e;let t=b(
"div",{class:"periods",role:"group","aria-label":"Period"});for(let n of Cl){let s=_e(ya[n],()=>e.last(n),{title:Il[n]});s.setAttribute("aria-label",Il[n]),this.
presets.set(n,s),t.append(s)}this.range=_e("",()=>e.back(),{title:"Back to the period before"}),this.range.setAttribute("aria-pressed","true"),t.append(this.range),
this.element.append(t);for(let n of xn){let s=b("select",{"aria-label":Vl[n].replace("All ","Which "),class:n});s.addEventListener("change",()=>e.change({[n]:s.
value===""?null:this.choices[n][Number(s.value)].name})),this.selects.set(n,s),this.element.append(s)}this.clear=_e("Clear",()=>e.change({run:null,server:null,model:null,
template:null}),{class:"loopai-plain",title:"Without any filter"}),this.back=_e("Back",()=>e.back(),{class:"loopai-plain",key:"b"}),this.element.append(this.clear,
this.back),this.update(e.scope)}state;element=b("div",{class:"filters",role:"group","aria-label":"Period and filters"});presets=new Map;selects=new Map;range;clear;back;choices={
run:[],server:[],model:[],template:[]};offered="";offer(e){let t=JSON.stringify(e);t!==this.offered&&(this.offered=t,this.choices=e,this.update(this.state.scope))}update(e){
for(let[t,n]of this.presets)n.setAttribute("aria-pressed",String(e.last===t));this.range.hidden=e.last!==null||e.since_ms===null,e.since_ms!==null&&(this.range.
textContent=ql(e.since_ms,e.until_ms));for(let t of xn)this.fill(t,e[t]);this.clear.hidden=xn.every(t=>e[t]===null),this.back.hidden=!this.state.canGoBack}fill(e,t){
let n=this.selects.get(e),s=this.choices[e];t!==null&&!s.some(({name:u})=>u===t)&&(s=[...s,{name:t,shown:t}],this.choices={...this.choices,[e]:s});let o=s.findIndex(
({name:u})=>u===t),a=JSON.stringify(s);n.dataset.filled!==a&&(n.dataset.filled=a,n.replaceChildren(b("option",{value:""},Vl[e]),...s.map(({shown:u},h)=>b("optio\
n",{value:h},u)))),n.value=o<0?"":String(o),n.classList.toggle("chosen",o>=0),n.hidden=s.length<2&&o<0}};var We=class extends Error{},_n=class{constructor(e){this.model=e;e.on("msg:custom",this.receive)}model;waiting=new Map;heard=new Map;name=Math.random().toString(
36).slice(2,10);asked=0;ask(e,t={}){let n=`${this.name}-${this.asked+=1}`;return new Promise((s,o)=>{this.waiting.set(n,{resolve:s,reject:o});let a=()=>this.model.
send({...t,id:n,kind:e});e==="open"?vs(a,()=>!this.waiting.has(n)):a()})}hear(e,t){this.heard.set(e,t)}close(){this.model.off("msg:custom",this.receive),this.waiting.
clear()}receive=e=>{let t=e;if(t.push!==void 0){this.heard.get(t.push)?.(t.data);return}let n=t.id===void 0?void 0:this.waiting.get(t.id);t.id===void 0||n===void 0||
(this.waiting.delete(t.id),t.error===void 0?n.resolve(t.ok):n.reject(new We(t.error)))}};function Bl({model:i}){let e=!1,t=n=>{e||=n.push==="met",e&&i.off("msg:\
custom",t)};i.on("msg:custom",t),vs(()=>i.send({kind:"hello"}),()=>e)}var xa=400,ka=25;function vs(i,e,t=ka){i(),t>1&&window.setTimeout(()=>e()||vs(i,e,t-1),xa)}var ws=class{constructor(e,t){this.kernel=e;this.state=t;this.element.append(this.said,this.parts)}kernel;state;ready=!0;element=b("div",{class:"happenings"});said=b(
"p",{class:"said loopai-bad",role:"alert"});parts=b("div",{class:"parts"});asked=0;shown="";update(e){this.look(e)}moved(){this.look(this.state.scope)}close(){this.
asked+=1}async look(e){this.asked+=1;let t=this.asked;try{let n=await this.kernel.ask("happenings.look",{scope:e});t===this.asked&&this.show(n)}catch(n){if(!(n instanceof
We))throw n;t===this.asked&&(this.said.textContent=n.message)}}show(e){this.said.textContent="";let t=JSON.stringify(e);t!==this.shown&&(this.shown=t,this.parts.
replaceChildren(...e.map(Sa)))}};function Sa(i){let e=b("h4",{},i.title,i.said!==""&&b("span",{class:"loopai-quiet"},` · ${i.said}`));if(i.none!=="")return b("\
section",{},e,b("p",{class:"loopai-quiet"},i.none));let t=b("tr",{},...i.header.map(o=>b("th",{scope:"col"},o))),n=i.lines.map(({cells:o,mark:a})=>b("tr",{"data\
-mark":a||null},...o.map(u=>b("td",{},u)))),s=b("table",{"aria-label":i.title},b("thead",{},t),b("tbody",{},...n));return b("section",{},e,b("div",{class:"wide",
tabindex:0,role:"group","aria-label":i.title},s),i.more!==""&&b("p",{class:"loopai-quiet"},i.more))}var Gl=(i,e)=>new ws(i,e);function _a(i){return i.altKey?"":i.ctrlKey||i.metaKey?i.key==="Enter"?"Ctrl+Enter":"":i.key}var Ma=new Set(["INPUT","TEXTAREA","SELECT"]);function Mn(i,e,t={}){
i.tabIndex=0,i.setAttribute("data-lm-suppress-shortcuts","true"),i.addEventListener("focusin",n=>{n.target.setAttribute("data-lm-suppress-shortcuts","true")}),i.
addEventListener("keydown",n=>{n.stopPropagation();let s=n.target,o=_a(n),a=Ma.has(s.tagName);if(s.tagName==="TEXTAREA"&&o==="Enter"||!a&&s.tagName==="BUTTON"&&
(o==="Enter"||o===" "))return;let u=(a?t:e)[o];u===void 0||o===""||(n.preventDefault(),u())})}function Ta(i,e,t,n,s=8){let o=Math.max(0,Math.floor(i/t)-s),a=Math.min(n,Math.ceil((i+e)/t)+s);return[Math.min(o,n),Math.max(a,Math.min(o,n))]}var Ul=8e6,Tn=class{constructor(e,t,n,s=64){
this.rowHeight=t;this.source=n;this.page=s;this.canvas=b("div",{class:"loopai-rows-canvas"}),this.element=b("div",{class:"loopai-rows",role:"listbox","aria-labe\
l":e,tabindex:0},this.canvas),this.element.addEventListener("scroll",()=>this.soon()),this.element.addEventListener("click",o=>{let a=o.target.closest("[data-in\
dex]");a!==null&&this.source.choose(Number(a.dataset.index))}),new ResizeObserver(()=>this.soon()).observe(this.element),new IntersectionObserver(()=>this.soon()).
observe(this.element)}rowHeight;source;page;element;canvas;kept=new Map;asked=new Set;count=0;selected=0;epoch=0;frame=0;reset(e){this.epoch+=1,this.count=e,this.
kept.clear(),this.asked.clear(),this.canvas.style.height=`${Math.min(e*this.rowHeight,Ul)}px`,this.soon()}refresh(){this.epoch+=1,this.kept.clear(),this.asked.clear(),
this.soon()}renew(e){this.asked.delete(Math.floor(e/this.page)),this.soon()}select(e){this.selected=e;let t=this.scale(),n=this.element,[s,o]=[e*this.rowHeight,
n.scrollTop/t];s<o?n.scrollTop=s*t:s+this.rowHeight>o+n.clientHeight&&(n.scrollTop=(s+this.rowHeight-n.clientHeight)*t),this.soon()}scale(){return Math.min(1,Ul/
Math.max(1,this.count*this.rowHeight))}soon(){this.frame===0&&(this.frame=requestAnimationFrame(()=>{this.frame=0,this.paint()}))}paint(){let e=this.scale(),t=this.
element.scrollTop;if(this.element.clientHeight===0)return;let[n,s]=Ta(t/e,this.element.clientHeight,this.rowHeight,this.count);this.want(n,s);let o=[];for(let a=n;a<
s;a+=1){let u=this.kept.get(a),h=a===this.selected,f=b("div",{class:"loopai-row",role:"option",id:`${this.id}-${a}`,"aria-posinset":a+1,"aria-setsize":this.count,
"aria-selected":h?"true":"false","data-index":a});f.style.top=`${t+a*this.rowHeight-t/e}px`,f.style.height=`${this.rowHeight}px`,u!==void 0&&this.source.draw(u,
f,h),o.push(f)}this.canvas.replaceChildren(...o),this.element.setAttribute("aria-activedescendant",`${this.id}-${this.selected}`)}id=`loopai-${Math.random().toString(
36).slice(2,10)}`;want(e,t){for(let n=Math.floor(e/this.page);n*this.page<t;n+=1){if(this.asked.has(n))continue;this.asked.add(n);let s=this.epoch,o=n*this.page;
this.source.window(o,Math.min(this.page,this.count-o)).then(a=>{s===this.epoch&&(a.forEach((u,h)=>this.kept.set(o+h,u)),this.soon())},()=>this.asked.delete(n))}}};function Zi(i){return`${Ji(i)}:${String(new Date(i).getSeconds()).padStart(2,"0")}`}var En=class{constructor(e,t,n){this.kernel=e;this.state=t;this.closed=n}kernel;state;closed;element=b("aside",{class:"request","aria-label":"One request",hidden:!0});heard=b(
"span",{class:"loopai-quiet",role:"status"});ref=null;asked=0;get open(){return this.ref!==null}async show(e,t){let n=this.asked+=1;this.ref=e;let s;try{s=await this.
kernel.ask("log.one",{request:e,hit:t})}catch(o){if(!(o instanceof We))throw o;n===this.asked&&this.fill(b("p",{class:"loopai-bad",role:"alert"},o.message));return}
n===this.asked&&this.draw(s)}hide(){this.asked+=1,this.ref=null,this.element.hidden=!0,this.element.replaceChildren(),this.closed()}async copy(){if(this.ref===null)
return;let e;try{e=await this.kernel.ask("log.curl",{request:this.ref})}catch(t){if(!(t instanceof We))throw t;this.heard.textContent=t.message;return}try{await navigator.
clipboard.writeText(e),this.heard.textContent="Copied; the key comes from $LOOPAI_API_KEY."}catch{let t=b("textarea",{class:"curl",readonly:!0,rows:6,"aria-labe\
l":"curl command"});t.value=e,this.element.querySelector(".curl")?.remove(),this.element.querySelector(".about").after(t),t.select(),this.heard.textContent="Cop\
y it from here: this page may not use the clipboard."}}fill(...e){let t=_e("Close",()=>this.hide(),{class:"loopai-plain",key:"Esc"});this.element.hidden=!1,this.
element.replaceChildren(t,...e.filter(n=>n!==!1))}draw(e){this.heard.textContent="";let{run_id:t}=e,n=b("div",{class:"about"},b("h4",{},e.title),_e("Copy as cur\
l",()=>{this.copy()},{key:"c"}),this.state.scope.run!==t&&_e("Only this run",()=>this.state.change({run:t}),{class:"loopai-plain"}),this.heard),{attempts:s,reviews:o,
system:a,answer:u}=e;this.fill(n,Kl(e.facts),a!==null&&ys("System prompt",a),ys("Prompt",e.prompt),u===null?Ai("Answer",b("p",{class:"loopai-quiet"},e.no_answer)):
ys("Answer",u),s.length>0&&Ai("Attempts",b("ol",{class:"attempts"},...s.map(Ea))),o.length>0&&Ai("Reviews",b("ul",{class:"reviews"},...o.map(La))),Ai("Rows",b("\
p",{},e.rows.join(", "))),Ai("Sent as",Kl(e.headers))),this.element.scrollTop=0}};function Ai(i,...e){return b("section",{"aria-label":i},b("h5",{},i),...e)}function ys(i,e){
return Ai(i,b("pre",{tabindex:0,"aria-label":i},wn(e)))}function Kl(i){return b("dl",{class:"facts"},...i.flatMap(([e,t])=>[b("dt",{},e),b("dd",{},t)]))}function Ea(i){
let e=[Zi(i.at_ms),i.waited,i.latency===""?"":`took ${i.latency}`,i.status,i.tokens,i.cost];return b("li",{value:i.number},b("span",{class:i.good?"good":"loopai\
-bad"},i.outcome),b("span",{class:"loopai-quiet"},` · ${e.filter(Boolean).join(" · ")}`),i.error!==""&&b("div",{},i.error),i.text!==null&&b("pre",{tabindex:0,
"aria-label":`What attempt ${i.number} answered`},wn(i.text)))}function La(i){let e=[`by ${i.by}`,Zi(i.at_ms),i.where].filter(Boolean).join(" · ");return b("li",
{},b("strong",{},i.state),b("span",{class:"loopai-quiet"},` ${e}`),i.note!==""&&b("div",{},i.note),i.text!==null&&b("pre",{tabindex:0,"aria-label":"The answer a\
s it should be"},wn(i.text)))}var jl=29,Pa=64,Aa=350,Yl=1e12,Oa=["answered","failed","cached","retried","unknown"],Da={accepted:"accepted",edited:"edited",rejected:"rejected",skipped:"skippe\
d",none:"not reviewed"},Jl=[["at","Ended","at"],[null,"Status","status"],[null,"Prompt","text"],[null,"Answer","text"],["latency","Latency","number"],["tokens",
"Tokens","number"],["cost","USD","number"]],ks=class{constructor(e,t){this.kernel=e;this.state=t;this.list=new Tn("Requests",jl,{window:(n,s)=>this.window(n,s),
draw:(n,s)=>this.draw(n,s),choose:n=>{this.open(n)}},Pa),this.one=new En(e,t,()=>{this.element.classList.remove("opened"),this.list.element.focus({preventScroll:!0})}),
this.layOut(),Mn(this.element,this.keys(),{Escape:()=>this.list.element.focus(),Enter:()=>this.filter()})}kernel;state;element=b("div",{class:"log"});ready=!0;list;one;search=b(
"input",{type:"search",placeholder:"search prompts and answers","aria-label":"Search prompts and answers"});status=xs("Status",{"":"any status",...Object.fromEntries(
Oa.map(e=>[e,e]))});kind=xs("Kind of error",{"":"any error"});review=xs("Review",{"":"any review",...Da});slow=b("input",{type:"number",min:0,step:"any",placeholder:"\
slower, s","aria-label":"Slower than, seconds",class:"least"});dear=b("input",{type:"number",min:0,step:"any",placeholder:"dearer, USD","aria-label":"Dearer tha\
n, USD",class:"least"});clear=_e("Clear",()=>this.want({},!0),{class:"loopai-plain",title:"Without these filters"});count=b("span",{class:"count",role:"status"});news=_e(
"Show what is new",()=>{this.refresh()},{key:"n"});said=b("p",{class:"said loopai-bad",role:"alert"});nothing=b("p",{class:"nothing loopai-quiet"},"No request i\
s like that in this time.");sorts=new Map;wanted={};look="";shown="";head=[];known=new Set;fresh=new Set;total=0;at=0;asking=0;busy=!1;typing=0;update(e){JSON.stringify(
[e,this.wanted])===this.shown?this.refresh():this.ask()}want(e,t=!1){let{request:n,...s}=e;this.wanted=s,this.fill(),t&&this.ask(),n!==void 0?this.openOne(n):this.
one.hide()}moved(){this.grows&&this.list.element.scrollTop===0&&!this.busy?this.refresh():this.busy||(this.news.hidden=!1)}close(){window.clearTimeout(this.typing)}layOut(){
let e=b("div",{class:"wanted",role:"search","aria-label":"Which requests"},this.search,this.status,this.kind,this.review,this.slow,this.dear,this.clear,this.count,
this.news),t=b("div",{class:"columns"});for(let[s,o,a]of Jl)if(s===null)t.append(b("span",{class:a},o));else{let u=_e(o,()=>this.sort(s),{class:`loopai-plain ${a}`});
this.sorts.set(s,u),t.append(u)}this.search.addEventListener("input",()=>{window.clearTimeout(this.typing),this.typing=window.setTimeout(()=>this.filter(),Aa)});
for(let s of[this.status,this.kind,this.review,this.slow,this.dear])s.addEventListener("change",()=>this.filter());this.news.hidden=!0,this.nothing.hidden=!0;let n=b(
"div",{class:"table"},t,this.list.element,this.nothing);this.element.append(e,this.said,b("div",{class:"both"},n,this.one.element)),this.fill()}fill(){let{search:e,
status:t,error_kind:n,review:s,min_latency_ms:o,min_cost_pusd:a}=this.wanted;this.search.value=e??"",this.status.value=t??"",Zl(this.kind,n),this.kind.value=n??
"",this.review.value=s??"",this.slow.value=o===void 0?"":String(o/1e3),this.dear.value=a===void 0?"":String(a/Yl),this.tell()}tell(){let{order:e,descending:t,...n}=this.
wanted;this.clear.hidden=Object.keys(n).length===0;for(let s of[this.status,this.kind,this.review])s.classList.toggle("chosen",s.value!=="");for(let[s,o]of this.
sorts){let a=s===(e??"at"),u=t!==!1;o.setAttribute("aria-pressed",String(a)),o.firstChild.textContent=`${Jl.find(([h])=>h===s)[1]}${a?u?" ↓":" ↑":""}`,o.title=
a?`Sorted, the ${u?"greatest":"smallest"} first; press to turn`:"Sort by this"}}draw(e,t){let n=e.status==="answered"&&e.review!==""?e.review:e.status;t.dataset.
status=e.status,t.classList.toggle("fresh",this.fresh.has(e.request_no));let s=e.error===""?"":`: ${e.error}`;t.append(b("span",{class:"at"},Zi(e.at_ms)),b("spa\
n",{class:"status"},`${n}${s}`,e.attempts>1&&b("span",{class:"loopai-quiet"},` ×${e.attempts}`)),b("span",{class:"text"},e.prompt),b("span",{class:"text answer"},
e.answer??""),b("span",{class:"number"},e.latency),b("span",{class:"number"},e.tokens===0?"":Rt(e.tokens)),b("span",{class:"number"},e.cost))}get grows(){let{order:e,
descending:t,search:n,review:s,min_cost_pusd:o}=this.wanted;return(e??"at")==="at"&&t!==!1&&n===void 0&&s===void 0&&o===void 0}async ask(){let e=this.asking+=1,
{scope:t}=this.state,n=JSON.stringify([t,this.wanted]);this.said.textContent="",this.news.hidden=!0,this.element.setAttribute("aria-busy","true");try{let s=await this.
kernel.ask("log.open",{scope:t,wanted:this.wanted});if(e!==this.asking||(this.shown=n,this.known=new Set,this.take(s,!0),s.total!==null))return;this.count.textContent=
"counting …";let o=await this.kernel.ask("log.count",{look:s.look});e===this.asking&&this.take({...s,total:o},!1)}catch(s){if(!(s instanceof We))throw s;e===this.
asking&&(this.said.textContent=s.message)}finally{e===this.asking&&this.element.removeAttribute("aria-busy")}e===this.asking&&this.kinds(t)}take({look:e,rows:t,
total:n},s){this.look=e,this.fresh=new Set(this.known.size===0?[]:t.map(o=>o.request_no).filter(o=>!this.known.has(o))),this.known=new Set(t.map(o=>o.request_no)),
this.head=t,this.total=n??t.length,this.nothing.hidden=this.total>0,this.count.textContent=n===null?"":this.total===1?"1 request":`${Rt(this.total)} requests`,this.
list.reset(this.total),s?(this.list.element.scrollTop=0,this.at=0,this.list.select(0)):this.fresh.size>0&&(this.at=Math.min(this.total-1,this.at+this.fresh.size),
this.list.select(this.at)),this.tell()}async refresh(){if(this.busy||this.look==="")return;this.busy=!0,this.news.hidden=!0;let e=this.asking;try{let t=await this.
kernel.ask("log.refresh",{look:this.look});t!==null&&e===this.asking&&this.take(t,this.list.element.scrollTop===0&&!this.one.open)}catch(t){if(!(t instanceof We))
throw t;this.ask()}finally{this.busy=!1}}async kinds(e){let t=await this.kernel.ask("log.kinds",{scope:e}).catch(()=>[]);for(let n of t)Zl(this.kind,n)}window(e,t){
return e+t<=this.head.length?Promise.resolve(this.head.slice(e,e+t)):this.kernel.ask("log.window",{look:this.look,first:e,count:t})}filter(){window.clearTimeout(
this.typing);let e={};this.search.value.trim()!==""&&(e.search=this.search.value),this.status.value!==""&&(e.status=this.status.value),this.kind.value!==""&&(e.
error_kind=this.kind.value),this.review.value!==""&&(e.review=this.review.value),Number(this.slow.value)>0&&(e.min_latency_ms=Number(this.slow.value)*1e3),Number(
this.dear.value)>0&&(e.min_cost_pusd=Math.round(Number(this.dear.value)*Yl)),this.wanted.order!==void 0&&(e.order=this.wanted.order),this.wanted.descending!==void 0&&
(e.descending=this.wanted.descending),JSON.stringify(e)!==JSON.stringify(this.wanted)&&(this.wanted=e,this.tell(),this.ask())}sort(e){let t=e===(this.wanted.order??
"at");this.wanted={...this.wanted,order:e,descending:t?this.wanted.descending===!1:!0},this.tell(),this.ask()}go(e){this.total!==0&&(this.at=Math.max(0,Math.min(
this.total-1,e)),this.list.select(this.at),this.one.open&&this.open(this.at))}async open(e){if(this.total===0)return;this.at=e,this.list.select(e);let[t]=await this.
window(e,1);t!==void 0&&this.at===e&&await this.openOne(t)}async openOne({run_id:e,request_no:t}){this.element.classList.add("opened"),await this.one.show({run_id:e,
request_no:t},this.wanted.search??""),this.list.select(this.at)}keys(){let e=()=>Math.max(1,Math.floor(this.list.element.clientHeight/jl)-1),t=()=>this.go(this.
at+1),n=()=>this.go(this.at-1);return{ArrowDown:t,ArrowUp:n,j:t,k:n,PageDown:()=>this.go(this.at+e()),PageUp:()=>this.go(this.at-e()),Home:()=>this.go(0),End:()=>this.
go(this.total-1),Enter:()=>{this.open(this.at)},Escape:()=>this.one.hide(),"/":()=>this.search.focus(),c:()=>{this.one.copy()},n:()=>{this.refresh()},b:()=>this.
state.back()}}};function xs(i,e){return b("select",{"aria-label":i},...Object.entries(e).map(([t,n])=>b("option",{value:t},n)))}function Zl(i,e){e===void 0||[...i.
options].some(t=>t.value===e)||i.append(b("option",{value:e},e))}var Ql=(i,e)=>new ks(i,e);var Ca="uplot",Ra="u-hz",Ha="u-vt",Na="u-title",$a="u-wrap",qa="u-under",za="u-over",Fa="u-axis",ri="u-off",Wa="u-select",Ia="u-cursor-x",Va="u-cursor-y",Ba="u-\
cursor-pt",Ga="u-legend",Ua="u-live",Ka="u-inline",ja="u-series",Ya="u-marker",Xl="u-label",Ja="u-value",Xi="width",en="height";var eo="bottom",Oi="left",Ss="right",Fs="#000",to=Fs+"0",_s="mousemove",io="mousedown",Ms="mouseup",no="mouseenter",so="mouseleave",lo="dblclick",Za="resize",Qa="\
scroll",oo="change",Dn="dppxchange",Ws="--",qi=typeof window<"u",As=qi?document:null,Ci=qi?window:null,Xa=qi?navigator:null,oe,Ln;function Os(){let i=devicePixelRatio;
oe!=i&&(oe=i,Ln&&Cs(oo,Ln,Os),Ln=matchMedia(`(min-resolution: ${oe-.001}dppx) and (max-resolution: ${oe+.001}dppx)`),ai(oo,Ln,Os),Ci.dispatchEvent(new CustomEvent(
Dn)))}function nt(i,e){if(e!=null){let t=i.classList;!t.contains(e)&&t.add(e)}}function Ds(i,e){let t=i.classList;t.contains(e)&&t.remove(e)}function be(i,e,t){
i.style[e]=t+"px"}function wt(i,e,t,n){let s=As.createElement(i);return e!=null&&nt(s,e),t?.insertBefore(s,n),s}function ht(i,e){return wt("div",i,e)}var ro=new WeakMap;
function At(i,e,t,n,s){let o="translate("+e+"px,"+t+"px)",a=ro.get(i);o!=a&&(i.style.transform=o,ro.set(i,o),e<0||t<0||e>n||t>s?nt(i,ri):Ds(i,ri))}var ao=new WeakMap;
function co(i,e,t){let n=e+t,s=ao.get(i);n!=s&&(ao.set(i,n),i.style.background=e,i.style.borderColor=t)}var uo=new WeakMap;function ho(i,e,t,n){let s=e+""+t,o=uo.
get(i);s!=o&&(uo.set(i,s),i.style.height=t+"px",i.style.width=e+"px",i.style.marginLeft=n?-e/2+"px":0,i.style.marginTop=n?-t/2+"px":0)}var Is={passive:!0},ec={...Is,
capture:!0};function ai(i,e,t,n){e.addEventListener(i,t,n?ec:Is)}function Cs(i,e,t,n){e.removeEventListener(i,t,Is)}qi&&Os();function yt(i,e,t,n){let s;t=t||0,n=
n||e.length-1;let o=n<=2147483647;for(;n-t>1;)s=o?t+n>>1:st((t+n)/2),e[s]<i?t=s:n=s;return i-e[t]<=e[n]-i?t:n}function Fo(i){return(t,n,s)=>{let o=-1,a=-1;for(let u=n;u<=
s;u++)if(i(t[u])){o=u;break}for(let u=s;u>=n;u--)if(i(t[u])){a=u;break}return[o,a]}}var Wo=i=>i!=null,Io=i=>i!=null&&i>0,Hn=Fo(Wo),tc=Fo(Io);function ic(i,e,t,n=0,s=!1){
let o=s?tc:Hn,a=s?Io:Wo;[e,t]=o(i,e,t);let u=i[e],h=i[e];if(e>-1)if(n==1)u=i[e],h=i[t];else if(n==-1)u=i[t],h=i[e];else for(let f=e;f<=t;f++){let w=i[f];a(w)&&(w<
u?u=w:w>h&&(h=w))}return[u??ue,h??-ue]}function Nn(i,e,t,n){let s=mo(i),o=mo(e);i==e&&(s==-1?(i*=t,e/=t):(i/=t,e*=t));let a=t==10?Ht:Vo,u=s==1?st:pt,h=o==1?pt:st,
f=u(a(Ae(i))),w=h(a(Ae(e))),m=Ri(t,f),v=Ri(t,w);return t==10&&(f<0&&(m=he(m,-f)),w<0&&(v=he(v,-w))),n||t==2?(i=m*s,e=v*o):(i=Ko(i,m),e=$n(e,v)),[i,e]}function Vs(i,e,t,n){
let s=Nn(i,e,t,n);return i==0&&(s[0]=0),e==0&&(s[1]=0),s}var Bs=.1,po={mode:3,pad:Bs},nn={pad:0,soft:null,mode:0},nc={min:nn,max:nn};function Cn(i,e,t,n){return qn(
t)?fo(i,e,t):(nn.pad=t,nn.soft=n?0:null,nn.mode=n?3:0,fo(i,e,nc))}function se(i,e){return i??e}function sc(i,e,t){for(e=se(e,0),t=se(t,i.length-1);e<=t;){if(i[e]!=
null)return!0;e++}return!1}function fo(i,e,t){let n=t.min,s=t.max,o=se(n.pad,0),a=se(s.pad,0),u=se(n.hard,-ue),h=se(s.hard,ue),f=se(n.soft,ue),w=se(s.soft,-ue),
m=se(n.mode,0),v=se(s.mode,0),T=e-i,P=Ht(T),C=Ke(Ae(i),Ae(e)),F=Ht(C),I=Ae(F-P);(T<1e-24||I>10)&&(T=0,(i==0||e==0)&&(T=1e-24,m==2&&f!=ue&&(o=0),v==2&&w!=-ue&&(a=
0)));let S=T||C||1e3,z=Ht(S),_=Ri(10,st(z)),Y=S*(T==0?i==0?.1:1:o),D=he(Ko(i-Y,_/10),24),J=i>=f&&(m==1||m==3&&D<=f||m==2&&D>=f)?f:ue,U=Ke(u,D<J&&i>=J?J:xt(J,D)),
X=S*(T==0?e==0?.1:1:a),G=he($n(e+X,_/10),24),M=e<=w&&(v==1||v==3&&G>=w||v==2&&G<=w)?w:-ue,j=xt(h,G>M&&e<=M?M:Ke(M,G));return U==j&&U==0&&(j=100),[U,j]}var lc=new Intl.
NumberFormat(qi?Xa.language:"en-US"),Gs=i=>lc.format(i),lt=Math,On=lt.PI,Ae=lt.abs,st=lt.floor,Pe=lt.round,pt=lt.ceil,xt=lt.min,Ke=lt.max,Ri=lt.pow,mo=lt.sign,Ht=lt.
log10,Vo=lt.log2,oc=(i,e=1)=>lt.sinh(i)*e,Ts=(i,e=1)=>lt.asinh(i/e),ue=1/0;function go(i){return(Ht((i^i>>31)-(i>>31))|0)+1}function Rs(i,e,t){return xt(Ke(i,e),
t)}function Bo(i){return typeof i=="function"}function ee(i){return Bo(i)?i:()=>i}var rc=()=>{},Go=i=>i,Uo=(i,e)=>e,ac=i=>null,bo=i=>!0,vo=(i,e)=>i==e,cc=/\.\d*?(?=9{6,}|0{6,})/gm,
ci=i=>{if(Yo(i)||Gt.has(i))return i;let e=`${i}`,t=e.match(cc);if(t==null)return i;let n=t[0].length-1;if(e.indexOf("e-")!=-1){let[s,o]=e.split("e");return+`${ci(
s)}e${o}`}return he(i,n)};function li(i,e){return ci(he(ci(i/e))*e)}function $n(i,e){return ci(pt(ci(i/e))*e)}function Ko(i,e){return ci(st(ci(i/e))*e)}function he(i,e=0){
if(Yo(i))return i;let t=10**e,n=i*t*(1+Number.EPSILON);return Pe(n)/t}var Gt=new Map;function jo(i){return((""+i).split(".")[1]||"").length}function ln(i,e,t,n){
let s=[],o=n.map(jo);for(let a=e;a<t;a++){let u=Ae(a),h=he(Ri(i,a),u);for(let f=0;f<n.length;f++){let w=i==10?+`${n[f]}e${a}`:n[f]*h,m=(a>=0?0:u)+(a>=o[f]?0:o[f]),
v=i==10?w:he(w,m);s.push(v),Gt.set(v,m)}}return s}var sn={},Us=[],Hi=[null,null],Bt=Array.isArray,Yo=Number.isInteger,dc=i=>i===void 0;function wo(i){return typeof i==
"string"}function qn(i){let e=!1;if(i!=null){let t=i.constructor;e=t==null||t==Object}return e}function uc(i){return i!=null&&typeof i=="object"}var hc=Object.getPrototypeOf(
Uint8Array),Jo="__proto__";function Ni(i,e=qn){let t;if(Bt(i)){let n=i.find(s=>s!=null);if(Bt(n)||e(n)){t=Array(i.length);for(let s=0;s<i.length;s++)t[s]=Ni(i[s],
e)}else t=i.slice()}else if(i instanceof hc)t=i.slice();else if(e(i)){t={};for(let n in i)n!=Jo&&(t[n]=Ni(i[n],e))}else t=i;return t}function Te(i){let e=arguments;
for(let t=1;t<e.length;t++){let n=e[t];for(let s in n)s!=Jo&&(qn(i[s])?Te(i[s],Ni(n[s])):i[s]=Ni(n[s]))}return i}var pc=0,fc=1,mc=2;function gc(i,e,t){for(let n=0,
s,o=-1;n<e.length;n++){let a=e[n];if(a>o){for(s=a-1;s>=0&&i[s]==null;)i[s--]=null;for(s=a+1;s<t&&i[s]==null;)i[o=s++]=null}}}function bc(i,e){if(yc(i)){let a=i[0].
slice();for(let u=1;u<i.length;u++)a.push(...i[u].slice(1));return xc(a[0])||(a=wc(a)),a}let t=new Set;for(let a=0;a<i.length;a++){let h=i[a][0],f=h.length;for(let w=0;w<
f;w++)t.add(h[w])}let n=[Array.from(t).sort((a,u)=>a-u)],s=n[0].length,o=new Map;for(let a=0;a<s;a++)o.set(n[0][a],a);for(let a=0;a<i.length;a++){let u=i[a],h=u[0];
for(let f=1;f<u.length;f++){let w=u[f],m=Array(s).fill(void 0),v=e?e[a][f]:fc,T=[];for(let P=0;P<w.length;P++){let C=w[P],F=o.get(h[P]);C===null?v!=pc&&(m[F]=C,
v==mc&&T.push(F)):m[F]=C}gc(m,T,s),n.push(m)}}return n}var vc=typeof queueMicrotask>"u"?i=>Promise.resolve().then(i):queueMicrotask;function wc(i){let e=i[0],t=e.
length,n=Array(t);for(let o=0;o<n.length;o++)n[o]=o;n.sort((o,a)=>e[o]-e[a]);let s=[];for(let o=0;o<i.length;o++){let a=i[o],u=Array(t);for(let h=0;h<t;h++)u[h]=
a[n[h]];s.push(u)}return s}function yc(i){let e=i[0][0],t=e.length;for(let n=1;n<i.length;n++){let s=i[n][0];if(s.length!=t)return!1;if(s!=e){for(let o=0;o<t;o++)
if(s[o]!=e[o])return!1}}return!0}function xc(i,e=100){let t=i.length;if(t<=1)return!0;let n=0,s=t-1;for(;n<=s&&i[n]==null;)n++;for(;s>=n&&i[s]==null;)s--;if(s<=
n)return!0;let o=Ke(1,st((s-n+1)/e));for(let a=i[n],u=n+o;u<=s;u+=o){let h=i[u];if(h!=null){if(h<=a)return!1;a=h}}return!0}var Zo=["January","February","March",
"April","May","June","July","August","September","October","November","December"],Qo=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function Xo(i){
return i.slice(0,3)}var kc=Qo.map(Xo),Sc=Zo.map(Xo),_c={MMMM:Zo,MMM:Sc,WWWW:Qo,WWW:kc};function Qi(i){return(i<10?"0":"")+i}function Mc(i){return(i<10?"00":i<100?
"0":"")+i}var Tc={YYYY:i=>i.getFullYear(),YY:i=>(i.getFullYear()+"").slice(2),MMMM:(i,e)=>e.MMMM[i.getMonth()],MMM:(i,e)=>e.MMM[i.getMonth()],MM:i=>Qi(i.getMonth()+
1),M:i=>i.getMonth()+1,DD:i=>Qi(i.getDate()),D:i=>i.getDate(),WWWW:(i,e)=>e.WWWW[i.getDay()],WWW:(i,e)=>e.WWW[i.getDay()],HH:i=>Qi(i.getHours()),H:i=>i.getHours(),
h:i=>{let e=i.getHours();return e==0?12:e>12?e-12:e},AA:i=>i.getHours()>=12?"PM":"AM",aa:i=>i.getHours()>=12?"pm":"am",a:i=>i.getHours()>=12?"p":"a",mm:i=>Qi(i.
getMinutes()),m:i=>i.getMinutes(),ss:i=>Qi(i.getSeconds()),s:i=>i.getSeconds(),fff:i=>Mc(i.getMilliseconds())};function Ks(i,e){e=e||_c;let t=[],n=/\{([a-z]+)\}|[^{]+/gi,
s;for(;s=n.exec(i);)t.push(s[0][0]=="{"?Tc[s[1]]:s[0]);return o=>{let a="";for(let u=0;u<t.length;u++)a+=typeof t[u]=="string"?t[u]:t[u](o,e);return a}}var Ec=new Intl.
DateTimeFormat().resolvedOptions().timeZone;function Lc(i,e){let t;return e=="UTC"||e=="Etc/UTC"?t=new Date(+i+i.getTimezoneOffset()*6e4):e==Ec?t=i:(t=new Date(
i.toLocaleString("en-US",{timeZone:e})),t.setMilliseconds(i.getMilliseconds())),t}var er=i=>i%1==0,Rn=[1,2,2.5,5],Pc=ln(10,-32,0,Rn),tr=ln(10,0,32,Rn),Ac=tr.filter(
er),oi=Pc.concat(tr),js=`
`,ir="{YYYY}",yo=js+ir,nr="{M}/{D}",tn=js+nr,Pn=tn+"/{YY}",sr="{aa}",Oc="{h}:{mm}",Di=Oc+sr,xo=js+Di,ko=":{ss}",ae=null;function lr(i){let e=i*1e3,t=e*60,n=t*60,
s=n*24,o=s*30,a=s*365,h=(i==1?ln(10,0,3,Rn).filter(er):ln(10,-3,0,Rn)).concat([e,e*5,e*10,e*15,e*30,t,t*5,t*10,t*15,t*30,n,n*2,n*3,n*4,n*6,n*8,n*12,s,s*2,s*3,s*
4,s*5,s*6,s*7,s*8,s*9,s*10,s*15,o,o*2,o*3,o*4,o*6,a,a*2,a*5,a*10,a*25,a*50,a*100]),f=[[a,ir,ae,ae,ae,ae,ae,ae,1],[s*28,"{MMM}",yo,ae,ae,ae,ae,ae,1],[s,nr,yo,ae,
ae,ae,ae,ae,1],[n,"{h}"+sr,Pn,ae,tn,ae,ae,ae,1],[t,Di,Pn,ae,tn,ae,ae,ae,1],[e,ko,Pn+" "+Di,ae,tn+" "+Di,ae,xo,ae,1],[i,ko+".{fff}",Pn+" "+Di,ae,tn+" "+Di,ae,xo,
ae,1]];function w(m){return(v,T,P,C,F,I)=>{let S=[],z=F>=a,_=F>=o&&F<a,Y=m(P),D=he(Y*i,3),J=Es(Y.getFullYear(),z?0:Y.getMonth(),_||z?1:Y.getDate()),U=he(J*i,3);
if(_||z){let X=_?F/o:0,G=z?F/a:0,M=D==U?D:he(Es(J.getFullYear()+G,J.getMonth()+X,1)*i,3),j=new Date(Pe(M/i)),R=j.getFullYear(),V=j.getMonth();for(let q=0;M<=C;q++){
let te=Es(R+G*q,V+X*q,1),$=te-m(he(te*i,3));M=he((+te+$)*i,3),M<=C&&S.push(M)}}else{let X=F>=s?s:F,G=st(P)-st(D),M=U+G+$n(D-U,X);S.push(M);let j=m(M),R=j.getHours()+
j.getMinutes()/t+j.getSeconds()/n,V=F/n,q=v.axes[T]._space,te=I/q;for(;M=he(M+F,i==1?0:3),!(M>C);)if(V>1){let $=st(he(R+V,6))%24,ie=m(M).getHours()-$;ie>1&&(ie=
-1),M-=ie*n,R=(R+V)%24;let ce=S[S.length-1];he((M-ce)/F,3)*te>=.7&&S.push(M)}else S.push(M)}return S}}return[h,f,w]}var[Dc,Cc,Rc]=lr(1),[Hc,Nc,$c]=lr(.001);ln(2,
-53,53,[1]);function So(i,e){return i.map(t=>t.map((n,s)=>s==0||s==8||n==null?n:e(s==1||t[8]==0?n:t[1]+n)))}function _o(i,e){return(t,n,s,o,a)=>{let u=e.find(P=>a>=
P[0])||e[e.length-1],h,f,w,m,v,T;return n.map(P=>{let C=i(P),F=C.getFullYear(),I=C.getMonth(),S=C.getDate(),z=C.getHours(),_=C.getMinutes(),Y=C.getSeconds(),D=F!=
h&&u[2]||I!=f&&u[3]||S!=w&&u[4]||z!=m&&u[5]||_!=v&&u[6]||Y!=T&&u[7]||u[1];return h=F,f=I,w=S,m=z,v=_,T=Y,D(C)})}}function qc(i,e){let t=Ks(e);return(n,s,o,a,u)=>s.
map(h=>t(i(h)))}function Es(i,e,t){return new Date(i,e,t)}function Mo(i,e){return e(i)}var zc="{YYYY}-{MM}-{DD} {h}:{mm}{aa}";function To(i,e){return(t,n,s,o)=>o==
null?Ws:e(i(n))}function Fc(i,e){let t=i.series[e];return t.width?t.stroke(i,e):t.points.width?t.points.stroke(i,e):null}function Wc(i,e){return i.series[e].fill(
i,e)}var Ic={show:!0,live:!0,isolate:!1,mount:rc,markers:{show:!0,width:2,stroke:Fc,fill:Wc,dash:"solid"},idx:null,idxs:null,values:[]};function Vc(i,e){let t=i.
cursor.points,n=ht(),s=t.size(i,e);be(n,Xi,s),be(n,en,s);let o=s/-2;be(n,"marginLeft",o),be(n,"marginTop",o);let a=t.width(i,e,s);return a&&be(n,"borderWidth",a),
n}function Bc(i,e){let t=i.series[e].points;return t._fill||t._stroke}function Gc(i,e){let t=i.series[e].points;return t._stroke||t._fill}function Uc(i,e){return i.
series[e].points.size}var Ls=[0,0];function Kc(i,e,t){return Ls[0]=e,Ls[1]=t,Ls}function An(i,e,t,n=!0){return s=>{s.button==0&&(!n||s.target==e)&&t(s)}}function Ps(i,e,t,n=!0){
return s=>{(!n||s.target==e)&&t(s)}}var jc={show:!0,x:!0,y:!0,lock:!1,move:Kc,points:{one:!1,show:Vc,size:Uc,width:0,stroke:Gc,fill:Bc},bind:{mousedown:An,mouseup:An,
click:An,dblclick:An,mousemove:Ps,mouseleave:Ps,mouseenter:Ps},drag:{setScale:!0,x:!0,y:!1,dist:0,uni:null,click:(i,e)=>{e.stopPropagation(),e.stopImmediatePropagation()},
_x:!1,_y:!1},focus:{dist:(i,e,t,n,s)=>n-s,prox:-1,bias:0},hover:{skip:[void 0],prox:null,bias:0},left:-10,top:-10,idx:null,dataIdx:null,idxs:null,event:null},or={
show:!0,stroke:"rgba(0,0,0,0.07)",width:2},Ys=Te({},or,{filter:Uo}),rr=Te({},Ys,{size:10}),ar=Te({},or,{show:!1}),Js='12px system-ui, -apple-system, "Segoe UI",\
 Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Noto Color Emoji"',cr="bold "+Js,dr=1.5,Eo={
show:!0,scale:"x",stroke:Fs,space:50,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:cr,side:2,grid:Ys,ticks:rr,border:ar,font:Js,lineGap:dr,rotate:0},
Yc="Value",Jc="Time",Lo={show:!0,scale:"x",auto:!1,sorted:1,min:ue,max:-ue,idxs:[]};function Zc(i,e,t,n,s){return e.map(o=>o==null?"":Gs(o))}function Qc(i,e,t,n,s,o,a){
let u=[],h=Gt.get(s)||0;t=a?t:he($n(t,s),h);for(let f=t;f<=n;f=he(f+s,h))u.push(Object.is(f,-0)?0:f);return u}function Hs(i,e,t,n,s,o,a){let u=[],h=i.scales[i.axes[e].
scale].log,f=h==10?Ht:Vo,w=st(f(t));s=Ri(h,w),h==10&&(s=oi[yt(s,oi)]);let m=t,v=s*h;h==10&&(v=oi[yt(v,oi)]);do u.push(m),m=m+s,h==10&&!Gt.has(m)&&(m=he(m,Gt.get(
s))),m>=v&&(s=m,v=s*h,h==10&&(v=oi[yt(v,oi)]));while(m<=n);return u}function Xc(i,e,t,n,s,o,a){let h=i.scales[i.axes[e].scale].asinh,f=n>h?Hs(i,e,Ke(h,t),n,s):[
h],w=n>=0&&t<=0?[0]:[];return(t<-h?Hs(i,e,Ke(h,-n),-t,s):[h]).reverse().map(v=>-v).concat(w,f)}var ur=/./,ed=/[12357]/,td=/[125]/,Po=/1/,Ns=(i,e,t,n)=>i.map((s,o)=>e==
4&&s==0||o%n==0&&t.test(s.toExponential()[s<0?1:0])?s:null);function id(i,e,t,n,s){let o=i.axes[t],a=o.scale,u=i.scales[a],h=i.valToPos,f=o._space,w=h(10,a),m=h(
9,a)-w>=f?ur:h(7,a)-w>=f?ed:h(5,a)-w>=f?td:Po;if(m==Po){let v=Ae(h(1,a)-w);if(v<f)return Ns(e.slice().reverse(),u.distr,m,pt(f/v)).reverse()}return Ns(e,u.distr,
m,1)}function nd(i,e,t,n,s){let o=i.axes[t],a=o.scale,u=o._space,h=i.valToPos,f=Ae(h(1,a)-h(2,a));return f<u?Ns(e.slice().reverse(),3,ur,pt(u/f)).reverse():e}function sd(i,e,t,n){
return n==null?Ws:e==null?"":Gs(e)}var Ao={show:!0,scale:"y",stroke:Fs,space:30,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:cr,side:3,grid:Ys,ticks:rr,
border:ar,font:Js,lineGap:dr,rotate:0};function ld(i,e){let t=3+(i||1)*2;return he(t*e,3)}function od(i,e){let{scale:t,idxs:n}=i.series[0],s=i._data[0],o=i.valToPos(
s[n[0]],t,!0),a=i.valToPos(s[n[1]],t,!0),u=Ae(a-o),h=i.series[e],f=u/(h.points.space*oe);return n[1]-n[0]<=f}var Oo={scale:null,auto:!0,sorted:0,min:ue,max:-ue},
hr=(i,e,t,n,s)=>s,Do={show:!0,auto:!0,sorted:0,gaps:hr,alpha:1,facets:[Te({},Oo,{scale:"x"}),Te({},Oo,{scale:"y"})]},Co={scale:"y",auto:!0,sorted:0,show:!0,spanGaps:!1,
gaps:hr,alpha:1,points:{show:od,filter:null},values:null,min:ue,max:-ue,idxs:[],path:null,clip:null};function rd(i,e,t,n,s){return t/10}var pr={time:!0,auto:!0,
distr:1,log:10,asinh:1,min:null,max:null,dir:1,ori:0},ad=Te({},pr,{time:!1,ori:1}),Ro={};function fr(i,e){let t=Ro[i];return t||(t={key:i,plots:[],sub(n){t.plots.
push(n)},unsub(n){t.plots=t.plots.filter(s=>s!=n)},pub(n,s,o,a,u,h,f){for(let w=0;w<t.plots.length;w++)t.plots[w]!=s&&t.plots[w].pub(n,s,o,a,u,h,f)}},i!=null&&(Ro[i]=
t)),t}var $i=1,$s=2;function di(i,e,t){let n=i.mode,s=i.series[e],o=n==2?i._data[e]:i._data,a=i.scales,u=i.bbox,h=o[0],f=n==2?o[1]:o[e],w=n==2?a[s.facets[0].scale]:
a[i.series[0].scale],m=n==2?a[s.facets[1].scale]:a[s.scale],v=u.left,T=u.top,P=u.width,C=u.height,F=i.valToPosH,I=i.valToPosV;return w.ori==0?t(s,h,f,w,m,F,I,v,
T,P,C,Fn,zi,In,gr,vr):t(s,h,f,w,m,I,F,T,v,C,P,Wn,Fi,Xs,br,wr)}function Zs(i,e){let t=0,n=0,s=se(i.bands,Us);for(let o=0;o<s.length;o++){let a=s[o];a.series[0]==
e?t=a.dir:a.series[1]==e&&(a.dir==1?n|=1:n|=2)}return[t,n==1?-1:n==2?1:n==3?2:0]}function cd(i,e,t,n,s){let o=i.mode,a=i.series[e],u=o==2?a.facets[1].scale:a.scale,
h=i.scales[u];return s==-1?h.min:s==1?h.max:h.distr==3?h.dir==1?h.min:h.max:0}function Nt(i,e,t,n,s,o){return di(i,e,(a,u,h,f,w,m,v,T,P,C,F)=>{let I=a.pxRound,S=f.
dir*(f.ori==0?1:-1),z=f.ori==0?zi:Fi,_,Y;S==1?(_=t,Y=n):(_=n,Y=t);let D=I(m(u[_],f,C,T)),J=I(v(h[_],w,F,P)),U=I(m(u[Y],f,C,T)),X=I(v(o==1?w.max:w.min,w,F,P)),G=new Path2D(
s);return z(G,U,X),z(G,D,X),z(G,D,J),G})}function zn(i,e,t,n,s,o){let a=null;if(i.length>0){a=new Path2D;let u=e==0?In:Xs,h=t;for(let m=0;m<i.length;m++){let v=i[m];
if(v[1]>v[0]){let T=v[0]-h;T>0&&u(a,h,n,T,n+o),h=v[1]}}let f=t+s-h,w=10;f>0&&u(a,h,n-w/2,f,n+o+w)}return a}function dd(i,e,t){let n=i[i.length-1];n&&n[0]==e?n[1]=
t:i.push([e,t])}function Qs(i,e,t,n,s,o,a){let u=[],h=i.length;for(let f=s==1?t:n;f>=t&&f<=n;f+=s)if(e[f]===null){let m=f,v=f;if(s==1)for(;++f<=n&&e[f]===null;)
v=f;else for(;--f>=t&&e[f]===null;)v=f;let T=o(i[m]),P=v==m?T:o(i[v]),C=m-s;T=a<=0&&C>=0&&C<h?o(i[C]):T;let I=v+s;P=a>=0&&I>=0&&I<h?o(i[I]):P,P>=T&&u.push([T,P])}
return u}function Ho(i){return i==0?Go:i==1?Pe:e=>li(e,i)}function mr(i){let e=i==0?Fn:Wn,t=i==0?(s,o,a,u,h,f)=>{s.arcTo(o,a,u,h,f)}:(s,o,a,u,h,f)=>{s.arcTo(a,o,
h,u,f)},n=i==0?(s,o,a,u,h)=>{s.rect(o,a,u,h)}:(s,o,a,u,h)=>{s.rect(a,o,h,u)};return(s,o,a,u,h,f=0,w=0)=>{f==0&&w==0?n(s,o,a,u,h):(f=xt(f,u/2,h/2),w=xt(w,u/2,h/2),
e(s,o+f,a),t(s,o+u,a,o+u,a+h,f),t(s,o+u,a+h,o,a+h,w),t(s,o,a+h,o,a,w),t(s,o,a,o+u,a,f),s.closePath())}}var Fn=(i,e,t)=>{i.moveTo(e,t)},Wn=(i,e,t)=>{i.moveTo(t,e)},
zi=(i,e,t)=>{i.lineTo(e,t)},Fi=(i,e,t)=>{i.lineTo(t,e)},In=mr(0),Xs=mr(1),gr=(i,e,t,n,s,o)=>{i.arc(e,t,n,s,o)},br=(i,e,t,n,s,o)=>{i.arc(t,e,n,s,o)},vr=(i,e,t,n,s,o,a)=>{
i.bezierCurveTo(e,t,n,s,o,a)},wr=(i,e,t,n,s,o,a)=>{i.bezierCurveTo(t,e,s,n,a,o)};function yr(i){return(e,t,n,s,o)=>di(e,t,(a,u,h,f,w,m,v,T,P,C,F)=>{let{pxRound:I,
points:S}=a,z,_;f.ori==0?(z=Fn,_=gr):(z=Wn,_=br);let Y=he(S.width*oe,3),D=(S.size-S.width)/2*oe,J=he(D*2,3),U=new Path2D,X=new Path2D,{left:G,top:M,width:j,height:R}=e.
bbox;In(X,G-J,M-J,j+J*2,R+J*2);let V=q=>{if(h[q]!=null){let te=I(m(u[q],f,C,T)),$=I(v(h[q],w,F,P));z(U,te+D,$),_(U,te,$,D,0,On*2)}};if(o)o.forEach(V);else for(let q=n;q<=
s;q++)V(q);return{stroke:Y>0?U:null,fill:U,clip:X,flags:$i|$s}})}function xr(i){return(e,t,n,s,o,a)=>{n!=s&&(o!=n&&a!=n&&i(e,t,n),o!=s&&a!=s&&i(e,t,s),i(e,t,a))}}
var ud=xr(zi),hd=xr(Fi);function kr(i){let e=se(i?.alignGaps,0);return(t,n,s,o)=>di(t,n,(a,u,h,f,w,m,v,T,P,C,F)=>{[s,o]=Hn(h,s,o);let I=a.pxRound,S=R=>I(m(R,f,C,
T)),z=R=>I(v(R,w,F,P)),_,Y;f.ori==0?(_=zi,Y=ud):(_=Fi,Y=hd);let D=f.dir*(f.ori==0?1:-1),J={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:$i},U=J.
stroke,X=!1;if(o-s>=C*4){let R=H=>t.posToVal(H,f.key,!0),V=null,q=null,te,$,je,ve=S(u[D==1?s:o]),ie=S(u[s]),ce=S(u[o]),Z=R(D==1?ie+1:ce-1);for(let H=D==1?s:o;H>=
s&&H<=o;H+=D){let Ee=u[H],we=(D==1?Ee<Z:Ee>Z)?ve:S(Ee),re=h[H];we==ve?re!=null?($=re,V==null?(_(U,we,z($)),te=V=q=$):$<V?V=$:$>q&&(q=$)):re===null&&(X=!0):(V!=null&&
Y(U,ve,z(V),z(q),z(te),z($)),re!=null?($=re,_(U,we,z($)),V=q=te=$):(V=q=null,re===null&&(X=!0)),ve=we,Z=R(ve+D))}V!=null&&V!=q&&je!=ve&&Y(U,ve,z(V),z(q),z(te),z(
$))}else for(let R=D==1?s:o;R>=s&&R<=o;R+=D){let V=h[R];V===null?X=!0:V!=null&&_(U,S(u[R]),z(V))}let[M,j]=Zs(t,n);if(a.fill!=null||M!=0){let R=J.fill=new Path2D(
U),V=a.fillTo(t,n,a.min,a.max,M),q=z(V),te=S(u[s]),$=S(u[o]);D==-1&&([$,te]=[te,$]),_(R,$,q),_(R,te,q)}if(!a.spanGaps){let R=[];X&&R.push(...Qs(u,h,s,o,D,S,e)),
J.gaps=R=a.gaps(t,n,s,o,R),J.clip=zn(R,f.ori,T,P,C,F)}return j!=0&&(J.band=j==2?[Nt(t,n,s,o,U,-1),Nt(t,n,s,o,U,1)]:Nt(t,n,s,o,U,j)),J})}function pd(i){let e=se(
i.align,1),t=se(i.ascDesc,!1),n=se(i.alignGaps,0),s=se(i.extend,!1);return(o,a,u,h)=>di(o,a,(f,w,m,v,T,P,C,F,I,S,z)=>{[u,h]=Hn(m,u,h);let _=f.pxRound,{left:Y,width:D}=o.
bbox,J=ie=>_(P(ie,v,S,F)),U=ie=>_(C(ie,T,z,I)),X=v.ori==0?zi:Fi,G={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:$i},M=G.stroke,j=v.dir*(v.ori==
0?1:-1),R=U(m[j==1?u:h]),V=J(w[j==1?u:h]),q=V,te=V;s&&e==-1&&(te=Y,X(M,te,R)),X(M,V,R);for(let ie=j==1?u:h;ie>=u&&ie<=h;ie+=j){let ce=m[ie];if(ce==null)continue;
let Z=J(w[ie]),H=U(ce);e==1?X(M,Z,R):X(M,q,H),X(M,Z,H),R=H,q=Z}let $=q;s&&e==1&&($=Y+D,X(M,$,R));let[je,ve]=Zs(o,a);if(f.fill!=null||je!=0){let ie=G.fill=new Path2D(
M),ce=f.fillTo(o,a,f.min,f.max,je),Z=U(ce);X(ie,$,Z),X(ie,te,Z)}if(!f.spanGaps){let ie=[];ie.push(...Qs(w,m,u,h,j,J,n));let ce=f.width*oe/2,Z=t||e==1?ce:-ce,H=t||
e==-1?-ce:ce;ie.forEach(Ee=>{Ee[0]+=Z,Ee[1]+=H}),G.gaps=ie=f.gaps(o,a,u,h,ie),G.clip=zn(ie,v.ori,F,I,S,z)}return ve!=0&&(G.band=ve==2?[Nt(o,a,u,h,M,-1),Nt(o,a,u,
h,M,1)]:Nt(o,a,u,h,M,ve)),G})}function No(i,e,t,n,s,o,a=ue){if(i.length>1){let u=null;for(let h=0,f=1/0;h<i.length;h++)if(e[h]!==void 0){if(u!=null){let w=Ae(i[h]-
i[u]);w<f&&(f=w,a=Ae(t(i[h],n,s,o)-t(i[u],n,s,o)))}u=h}}return a}function fd(i){i=i||sn;let e=se(i.size,[.6,ue,1]),t=i.align||0,n=i.gap||0,s=i.radius;s=s==null?
[0,0]:typeof s=="number"?[s,0]:s;let o=ee(s),a=1-e[0],u=se(e[1],ue),h=se(e[2],1),f=se(i.disp,sn),w=se(i.each,T=>{}),{fill:m,stroke:v}=f;return(T,P,C,F)=>di(T,P,
(I,S,z,_,Y,D,J,U,X,G,M)=>{let j=I.pxRound,R=t,V=n*oe,q=u*oe,te=h*oe,$,je;_.ori==0?[$,je]=o(T,P):[je,$]=o(T,P);let ve=_.dir*(_.ori==0?1:-1),ie=_.ori==0?In:Xs,ce=_.
ori==0?w:(A,pe,Le,fi,Yt,St,Jt)=>{w(A,pe,Le,Yt,fi,Jt,St)},Z=se(T.bands,Us).find(A=>A.series[0]==P),H=Z!=null?Z.dir:0,Ee=I.fillTo(T,P,I.min,I.max,H),Ie=j(J(Ee,Y,M,
X)),we,re,ft,Qe=G,xe=j(I.width*oe),kt=!1,Ot=null,ot=null,qt=null,ui=null;m!=null&&(xe==0||v!=null)&&(kt=!0,Ot=m.values(T,P,C,F),ot=new Map,new Set(Ot).forEach(A=>{
A!=null&&ot.set(A,new Path2D)}),xe>0&&(qt=v.values(T,P,C,F),ui=new Map,new Set(qt).forEach(A=>{A!=null&&ui.set(A,new Path2D)})));let{x0:hi,size:Ii}=f;if(hi!=null&&
Ii!=null){R=1,S=hi.values(T,P,C,F),hi.unit==2&&(S=S.map(Le=>T.posToVal(U+Le*G,_.key,!0)));let A=Ii.values(T,P,C,F);Ii.unit==2?re=A[0]*G:re=D(A[0],_,G,U)-D(0,_,G,
U),Qe=No(S,z,D,_,G,U,Qe),ft=Qe-re+V}else Qe=No(S,z,D,_,G,U,Qe),ft=Qe*a+V,re=Qe-ft;ft<1&&(ft=0),xe>=re/2&&(xe=0),ft<5&&(j=Go);let cn=ft>0,Kt=Qe-ft-(cn?xe:0);re=j(
Rs(Kt,te,q)),we=(R==0?re/2:R==ve?0:re)-R*ve*((R==0?V/2:0)+(cn?xe/2:0));let Ve={stroke:null,fill:null,clip:null,band:null,gaps:null,flags:0},pi=kt?null:new Path2D,
Dt=null;if(Z!=null)Dt=T.data[Z.series[1]];else{let{y0:A,y1:pe}=f;A!=null&&pe!=null&&(z=pe.values(T,P,C,F),Dt=A.values(T,P,C,F))}let jt=$*re,K=je*re;for(let A=ve==
1?C:F;A>=C&&A<=F;A+=ve){let pe=z[A];if(pe==null)continue;if(Dt!=null){let Ye=Dt[A]??0;if(pe-Ye==0)continue;Ie=J(Ye,Y,M,X)}let Le=_.distr!=2||f!=null?S[A]:A,fi=D(
Le,_,G,U),Yt=J(se(pe,Ee),Y,M,X),St=j(fi-we),Jt=j(Ke(Yt,Ie)),Xe=j(xt(Yt,Ie)),rt=Jt-Xe;if(pe!=null){let Ye=pe<0?K:jt,mt=pe<0?jt:K;kt?(xe>0&&qt[A]!=null&&ie(ui.get(
qt[A]),St,Xe+st(xe/2),re,Ke(0,rt-xe),Ye,mt),Ot[A]!=null&&ie(ot.get(Ot[A]),St,Xe+st(xe/2),re,Ke(0,rt-xe),Ye,mt)):ie(pi,St,Xe+st(xe/2),re,Ke(0,rt-xe),Ye,mt),ce(T,
P,A,St-xe/2,Xe,re+xe,rt)}}return xe>0?Ve.stroke=kt?ui:pi:kt||(Ve._fill=I.width==0?I._fill:I._stroke??I._fill,Ve.width=0),Ve.fill=kt?ot:pi,Ve})}function md(i,e){
let t=se(e?.alignGaps,0);return(n,s,o,a)=>di(n,s,(u,h,f,w,m,v,T,P,C,F,I)=>{[o,a]=Hn(f,o,a);let S=u.pxRound,z=$=>S(v($,w,F,P)),_=$=>S(T($,m,I,C)),Y,D,J;w.ori==0?
(Y=Fn,J=zi,D=vr):(Y=Wn,J=Fi,D=wr);let U=w.dir*(w.ori==0?1:-1),X=z(h[U==1?o:a]),G=X,M=[],j=[];for(let $=U==1?o:a;$>=o&&$<=a;$+=U)if(f[$]!=null){let ve=h[$],ie=z(
ve);M.push(G=ie),j.push(_(f[$]))}let R={stroke:i(M,j,Y,J,D,S),fill:null,clip:null,band:null,gaps:null,flags:$i},V=R.stroke,[q,te]=Zs(n,s);if(u.fill!=null||q!=0){
let $=R.fill=new Path2D(V),je=u.fillTo(n,s,u.min,u.max,q),ve=_(je);J($,G,ve),J($,X,ve)}if(!u.spanGaps){let $=[];$.push(...Qs(h,f,o,a,U,z,t)),R.gaps=$=u.gaps(n,s,
o,a,$),R.clip=zn($,w.ori,P,C,F,I)}return te!=0&&(R.band=te==2?[Nt(n,s,o,a,V,-1),Nt(n,s,o,a,V,1)]:Nt(n,s,o,a,V,te)),R})}function gd(i){return md(bd,i)}function bd(i,e,t,n,s,o){
let a=i.length;if(a<2)return null;let u=new Path2D;if(t(u,i[0],e[0]),a==2)n(u,i[1],e[1]);else{let h=Array(a),f=Array(a-1),w=Array(a-1),m=Array(a-1);for(let v=0;v<
a-1;v++)w[v]=e[v+1]-e[v],m[v]=i[v+1]-i[v],f[v]=w[v]/m[v];h[0]=f[0];for(let v=1;v<a-1;v++)f[v]===0||f[v-1]===0||f[v-1]>0!=f[v]>0?h[v]=0:(h[v]=3*(m[v-1]+m[v])/((2*
m[v]+m[v-1])/f[v-1]+(m[v]+2*m[v-1])/f[v]),isFinite(h[v])||(h[v]=0));h[a-1]=f[a-2];for(let v=0;v<a-1;v++)s(u,i[v]+m[v]/3,e[v]+h[v]*m[v]/3,i[v+1]-m[v]/3,e[v+1]-h[v+
1]*m[v]/3,i[v+1],e[v+1])}return u}var qs=new Set;function $o(){for(let i of qs)i.syncRect(!0)}qi&&(ai(Za,Ci,$o),ai(Qa,Ci,$o,!0),ai(Dn,Ci,()=>{Oe.pxRatio=oe}));var vd=kr(),
wd=yr();function qo(i,e,t,n){return(n?[i[0],i[1]].concat(i.slice(2)):[i[0]].concat(i.slice(1))).map((o,a)=>zs(o,a,e,t))}function yd(i,e){return i.map((t,n)=>n==
0?{}:Te({},e,t))}function zs(i,e,t,n){return Te({},e==0?t:n,i)}function Sr(i,e,t){return e==null?Hi:[e,t]}var xd=Sr;function kd(i,e,t){return e==null?Hi:Cn(e,t,
Bs,!0)}function _r(i,e,t,n){return e==null?Hi:Nn(e,t,i.scales[n].log,!1)}var Sd=_r;function Mr(i,e,t,n){return e==null?Hi:Vs(e,t,i.scales[n].log,!1)}var _d=Mr;function Md(i,e,t,n,s){
let o=Ke(go(i),go(e)),a=e-i,u=yt(s/n*a,t);do{let h=t[u],f=n*h/a;if(f>=s&&o+(h<5?Gt.get(h):0)<=17)return[h,f]}while(++u<t.length);return[0,0]}function zo(i){let e,
t;return i=i.replace(/(\d+)px/,(n,s)=>(e=Pe((t=+s)*oe))+"px"),[i,e,t]}function Td(i){i.show&&[i.font,i.labelFont].forEach(e=>{let t=he(e[2]*oe,1);e[0]=e[0].replace(
/[0-9.]+px/,t+"px"),e[1]=t})}function Oe(i,e,t){let n={mode:se(i.mode,1)},s=n.mode;function o(l,r,c,d){let p=r.valToPct(l);return d+c*(r.dir==-1?1-p:p)}function a(l,r,c,d){
let p=r.valToPct(l);return d+c*(r.dir==-1?p:1-p)}function u(l,r,c,d){return r.ori==0?o(l,r,c,d):a(l,r,c,d)}n.valToPosH=o,n.valToPosV=a;let h=!1;n.status=0;let f=n.
root=ht(Ca);if(i.id!=null&&(f.id=i.id),nt(f,i.class),i.title){let l=ht(Na,f);l.textContent=i.title}let w=wt("canvas"),m=n.ctx=w.getContext("2d"),v=ht($a,f);ai("\
click",v,l=>{l.target===P&&(fe!=Mi||ye!=Ti)&&ze.click(n,l)},!0);let T=n.under=ht(qa,v);v.appendChild(w);let P=n.over=ht(za,v);i=Ni(i);let C=+se(i.pxAlign,1),F=Ho(
C);(i.plugins||[]).forEach(l=>{l.opts&&(i=l.opts(n,i)||i)});let I=i.ms||.001,S=n.series=s==1?qo(i.series||[],Lo,Co,!1):yd(i.series||[null],Do),z=n.axes=qo(i.axes||
[],Eo,Ao,!0),_=n.scales={},Y=n.bands=i.bands||[];Y.forEach(l=>{l.fill=ee(l.fill||null),l.dir=se(l.dir,-1)});let D=s==2?S[1].facets[0].scale:S[0].scale,J={axes:na,
series:Qr},U=(i.drawOrder||["axes","series"]).map(l=>J[l]);function X(l){let r=l.distr==3?c=>Ht(c>0?c:l.clamp(n,c,l.min,l.max,l.key)):l.distr==4?c=>Ts(c,l.asinh):
l.distr==100?c=>l.fwd(c):c=>c;return c=>{let d=r(c),{_min:p,_max:g}=l,y=g-p;return(d-p)/y}}function G(l){let r=_[l];if(r==null){let c=(i.scales||sn)[l]||sn;if(c.
from!=null){G(c.from);let d=Te({},_[c.from],c,{key:l});d.valToPct=X(d),_[l]=d}else{r=_[l]=Te({},l==D?pr:ad,c),r.key=l;let d=r.time,p=r.range,g=Bt(p);if((l!=D||s==
2&&!d)&&(g&&(p[0]==null||p[1]==null)&&(p={min:p[0]==null?po:{mode:1,hard:p[0],soft:p[0]},max:p[1]==null?po:{mode:1,hard:p[1],soft:p[1]}},g=!1),!g&&qn(p))){let y=p;
p=(x,k,E)=>k==null?Hi:Cn(k,E,y)}r.range=ee(p||(d?xd:l==D?r.distr==3?Sd:r.distr==4?_d:Sr:r.distr==3?_r:r.distr==4?Mr:kd)),r.auto=ee(g?!1:r.auto),r.clamp=ee(r.clamp||
rd),r._min=r._max=null,r.valToPct=X(r)}}}G("x"),G("y"),s==1&&S.forEach(l=>{G(l.scale)}),z.forEach(l=>{G(l.scale)});for(let l in i.scales)G(l);let M=_[D],j=M.distr,
R,V;M.ori==0?(nt(f,Ra),R=o,V=a):(nt(f,Ha),R=a,V=o);let q={};for(let l in _){let r=_[l];(r.min!=null||r.max!=null)&&(q[l]={min:r.min,max:r.max},r.min=r.max=null)}
let te=i.tzDate||(l=>new Date(Pe(l/I))),$=i.fmtDate||Ks,je=I==1?Rc(te):$c(te),ve=_o(te,So(I==1?Cc:Nc,$)),ie=To(te,Mo(zc,$)),ce=[],Z=n.legend=Te({},Ic,i.legend),
H=n.cursor=Te({},jc,{drag:{y:s==2}},i.cursor),Ee=Z.show,Ie=H.show,we=Z.markers;Z.idxs=ce,we.width=ee(we.width),we.dash=ee(we.dash),we.stroke=ee(we.stroke),we.fill=
ee(we.fill);let re,ft,Qe,xe=[],kt=[],Ot,ot=!1,qt={};if(Z.live){let l=S[1]?S[1].values:null;ot=l!=null,Ot=ot?l(n,1,0):{_:0};for(let r in Ot)qt[r]=Ws}if(Ee)if(re=
wt("table",Ga,f),Qe=wt("tbody",null,re),Z.mount(n,re),ot){ft=wt("thead",null,re,Qe);let l=wt("tr",null,ft);wt("th",null,l);for(var ui in Ot)wt("th",Xl,l).textContent=
ui}else nt(re,Ka),Z.live&&nt(re,Ua);let hi={show:!0},Ii={show:!1};function cn(l,r){if(r==0&&(ot||!Z.live||s==2))return Hi;let c=[],d=wt("tr",ja,Qe,Qe.childNodes[r]);
nt(d,l.class),l.show||nt(d,ri);let p=wt("th",null,d);if(we.show){let x=ht(Ya,p);if(r>0){let k=we.width(n,r);k&&(x.style.border=k+"px "+we.dash(n,r)+" "+we.stroke(
n,r)),x.style.background=we.fill(n,r)}}let g=ht(Xl,p);l.label instanceof HTMLElement?g.appendChild(l.label):g.textContent=l.label,r>0&&(we.show||(g.style.color=
l.width>0?we.stroke(n,r):we.fill(n,r)),Ve("click",p,x=>{if(H._lock)return;Qt(x);let k=S.indexOf(l);if((x.ctrlKey||x.metaKey)!=Z.isolate){let E=S.some((L,O)=>O>0&&
O!=k&&L.show);S.forEach((L,O)=>{O>0&&Mt(O,E?O==k?hi:Ii:hi,!0,Me.setSeries)})}else Mt(k,{show:!l.show},!0,Me.setSeries)},!1),gi&&Ve(no,p,x=>{H._lock||(Qt(x),Mt(S.
indexOf(l),Li,!0,Me.setSeries))},!1));for(var y in Ot){let x=wt("td",Ja,d);x.textContent="--",c.push(x)}return[d,c]}let Kt=new Map;function Ve(l,r,c,d=!0){let p=Kt.
get(r)||{},g=H.bind[l](n,r,c,d);g&&(ai(l,r,p[l]=g),Kt.set(r,p))}function pi(l,r,c){let d=Kt.get(r)||{};for(let p in d)(l==null||p==l)&&(Cs(p,r,d[p]),delete d[p]);
l==null&&Kt.delete(r)}let Dt=0,jt=0,K=0,A=0,pe=0,Le=0,fi=pe,Yt=Le,St=K,Jt=A,Xe=0,rt=0,Ye=0,mt=0;n.bbox={};let jn=!1,dn=!1,mi=!1,Zt=!1,un=!1,at=!1;function Yn(l,r,c){
(c||l!=n.width||r!=n.height)&&nl(l,r),xi(!1),mi=!0,dn=!0,ki()}function nl(l,r){n.width=Dt=K=l,n.height=jt=A=r,pe=Le=0,Gr(),Ur();let c=n.bbox;Xe=c.left=li(pe*oe,
.5),rt=c.top=li(Le*oe,.5),Ye=c.width=li(K*oe,.5),mt=c.height=li(A*oe,.5)}let Ir=3;function Vr(){let l=!1,r=0;for(;!l;){r++;let c=ta(r),d=ia(r);l=r==Ir||c&&d,l||
(nl(n.width,n.height),dn=!0)}}function Br({width:l,height:r}){Yn(l,r)}n.setSize=Br;function Gr(){let l=!1,r=!1,c=!1,d=!1;z.forEach((p,g)=>{if(p.show&&p._show){let{
side:y,_size:x}=p,k=y%2,E=p.label!=null?p.labelSize:0,L=x+E;L>0&&(k?(K-=L,y==3?(pe+=L,d=!0):c=!0):(A-=L,y==0?(Le+=L,l=!0):r=!0))}}),Xt[0]=l,Xt[1]=c,Xt[2]=r,Xt[3]=
d,K-=zt[1]+zt[3],pe+=zt[3],A-=zt[2]+zt[0],Le+=zt[0]}function Ur(){let l=pe+K,r=Le+A,c=pe,d=Le;function p(g,y){switch(g){case 1:return l+=y,l-y;case 2:return r+=
y,r-y;case 3:return c-=y,c+y;case 0:return d-=y,d+y}}z.forEach((g,y)=>{if(g.show&&g._show){let x=g.side;g._pos=p(x,g._size),g.label!=null&&(g._lpos=p(x,g.labelSize))}})}
if(H.dataIdx==null){let l=H.hover,r=l.skip=new Set(l.skip??[]);r.add(void 0);let c=l.prox=ee(l.prox),d=l.bias??=0;H.dataIdx=(p,g,y,x)=>{if(g==0)return y;let k=y,
E=c(p,g,y,x)??ue,L=E>=0&&E<ue,O=M.ori==0?K:A,B=H.left,le=e[0],ne=e[g];if(r.has(ne[y])){k=null;let Q=null,W=null,N;if(d==0||d==-1)for(N=y;Q==null&&N-- >0;)r.has(
ne[N])||(Q=N);if(d==0||d==1)for(N=y;W==null&&N++<ne.length;)r.has(ne[N])||(W=N);if(Q!=null||W!=null)if(L){let ge=Q==null?-1/0:R(le[Q],M,O,0),ke=W==null?1/0:R(le[W],
M,O,0),$e=B-ge,de=ke-B;$e<=de?$e<=E&&(k=Q):de<=E&&(k=W)}else k=W==null?Q:Q==null?W:y-Q<=W-y?Q:W}else L&&Ae(B-R(le[y],M,O,0))>E&&(k=null);return k}}let Qt=l=>{H.
event=l};H.idxs=ce,H._lock=!1;let Fe=H.points;Fe.show=ee(Fe.show),Fe.size=ee(Fe.size),Fe.stroke=ee(Fe.stroke),Fe.width=ee(Fe.width),Fe.fill=ee(Fe.fill);let _t=n.
focus=Te({},i.focus||{alpha:.3},H.focus),gi=_t.prox>=0,bi=gi&&Fe.one,ct=[],vi=[],wi=[];function sl(l,r){let c=Fe.show(n,r);if(c instanceof HTMLElement)return nt(
c,Ba),nt(c,l.class),At(c,-10,-10,K,A),P.insertBefore(c,ct[r]),c}function ll(l,r){if(s==1||r>0){let c=s==1&&_[l.scale].time,d=l.value;l.value=c?wo(d)?To(te,Mo(d,
$)):d||ie:d||sd,l.label=l.label||(c?Jc:Yc)}if(bi||r>0){l.width=l.width==null?1:l.width,l.paths=l.paths||vd||ac,l.fillTo=ee(l.fillTo||cd),l.pxAlign=+se(l.pxAlign,
C),l.pxRound=Ho(l.pxAlign),l.stroke=ee(l.stroke||null),l.fill=ee(l.fill||null),l._stroke=l._fill=l._paths=l._focus=null;let c=ld(Ke(1,l.width),1),d=l.points=Te(
{},{size:c,width:Ke(1,c*.2),stroke:l.stroke,space:c*2,paths:wd,_stroke:null,_fill:null},l.points);d.show=ee(d.show),d.filter=ee(d.filter),d.fill=ee(d.fill),d.stroke=
ee(d.stroke),d.paths=ee(d.paths),d.pxAlign=l.pxAlign}if(Ee){let c=cn(l,r);xe.splice(r,0,c[0]),kt.splice(r,0,c[1]),Z.values.push(null)}if(Ie){ce.splice(r,0,null);
let c=null;bi?r==0&&(c=sl(l,r)):r>0&&(c=sl(l,r)),ct.splice(r,0,c),vi.splice(r,0,0),wi.splice(r,0,0)}Ne("addSeries",r)}function Kr(l,r){r=r??S.length,l=s==1?zs(l,
r,Lo,Co):zs(l,r,{},Do),S.splice(r,0,l),ll(S[r],r)}n.addSeries=Kr;function jr(l){if(S.splice(l,1),Ee){Z.values.splice(l,1),kt.splice(l,1);let r=xe.splice(l,1)[0];
pi(null,r.firstChild),r.remove()}Ie&&(ce.splice(l,1),ct.splice(l,1)[0].remove(),vi.splice(l,1),wi.splice(l,1)),Ne("delSeries",l)}n.delSeries=jr;let Xt=[!1,!1,!1,
!1];function Yr(l,r){if(l._show=l.show,l.show){let c=l.side%2,d=_[l.scale];d==null&&(l.scale=c?S[1].scale:D,d=_[l.scale]);let p=d.time;l.size=ee(l.size),l.space=
ee(l.space),l.rotate=ee(l.rotate),Bt(l.incrs)&&l.incrs.forEach(y=>{!Gt.has(y)&&Gt.set(y,jo(y))}),l.incrs=ee(l.incrs||(d.distr==2?Ac:p?I==1?Dc:Hc:oi)),l.splits=ee(
l.splits||(p&&d.distr==1?je:d.distr==3?Hs:d.distr==4?Xc:Qc)),l.stroke=ee(l.stroke),l.grid.stroke=ee(l.grid.stroke),l.ticks.stroke=ee(l.ticks.stroke),l.border.stroke=
ee(l.border.stroke);let g=l.values;l.values=Bt(g)&&!Bt(g[0])?ee(g):p?Bt(g)?_o(te,So(g,$)):wo(g)?qc(te,g):g||ve:g||Zc,l.filter=ee(l.filter||(d.distr>=3&&d.log==10?
id:d.distr==3&&d.log==2?nd:Uo)),l.font=zo(l.font),l.labelFont=zo(l.labelFont),l._size=l.size(n,null,r,0),l._space=l._rotate=l._incrs=l._found=l._splits=l._values=
null,l._size>0&&(Xt[r]=!0,l._el=ht(Fa,v))}}function Vi(l,r,c,d){let[p,g,y,x]=c,k=r%2,E=0;return k==0&&(x||g)&&(E=r==0&&!p||r==2&&!y?Pe(Eo.size/3):0),k==1&&(p||y)&&
(E=r==1&&!g||r==3&&!x?Pe(Ao.size/2):0),E}let ol=n.padding=(i.padding||[Vi,Vi,Vi,Vi]).map(l=>ee(se(l,Vi))),zt=n._padding=ol.map((l,r)=>l(n,r,Xt,0)),qe,De=null,Ce=null,
hn=s==1?S[0].idxs:null,gt=null,Bi=!1;function rl(l,r){if(e=l??[],n.data=n._data=e,s==2){qe=0;for(let c=1;c<S.length;c++)qe+=e[c][0].length}else{e.length==0&&(n.
data=n._data=e=[[]]),gt=e[0],qe=gt.length;let c=e;if(j==2){c=e.slice();let d=c[0]=Array(qe);for(let p=0;p<qe;p++)d[p]=p}n._data=e=c}if(xi(!0),Ne("setData"),j==2&&
(mi=!0),r!==!1){let c=M;c.auto(n,Bi)?Jn():Wt(D,c.min,c.max),Zt=Zt||H.left>=0,at=!0,ki()}}n.setData=rl;function Jn(){Bi=!0;let l,r;s==1&&(qe>0?(De=hn[0]=0,Ce=hn[1]=
qe-1,l=e[0][De],r=e[0][Ce],j==2?(l=De,r=Ce):l==r&&(j==3?[l,r]=Nn(l,l,M.log,!1):j==4?[l,r]=Vs(l,l,M.log,!1):M.time?r=l+Pe(86400/I):[l,r]=Cn(l,r,Bs,!0))):(De=hn[0]=
l=null,Ce=hn[1]=r=null)),Wt(D,l,r)}let pn,yi,Zn,Qn,Xn,es,ts,is,ns,Je;function al(l,r,c,d,p,g){l??=to,c??=Us,d??="butt",p??=to,g??="round",l!=pn&&(m.strokeStyle=
pn=l),p!=yi&&(m.fillStyle=yi=p),r!=Zn&&(m.lineWidth=Zn=r),g!=Xn&&(m.lineJoin=Xn=g),d!=es&&(m.lineCap=es=d),c!=Qn&&m.setLineDash(Qn=c)}function cl(l,r,c,d){r!=yi&&
(m.fillStyle=yi=r),l!=ts&&(m.font=ts=l),c!=is&&(m.textAlign=is=c),d!=ns&&(m.textBaseline=ns=d)}function ss(l,r,c,d,p=0){if(d.length>0&&l.auto(n,Bi)&&(r==null||r.
min==null)){let g=se(De,0),y=se(Ce,d.length-1),x=c.min==null?ic(d,g,y,p,l.distr==3):[c.min,c.max];l.min=xt(l.min,c.min=x[0]),l.max=Ke(l.max,c.max=x[1])}}let dl={
min:null,max:null};function Jr(){for(let d in _){let p=_[d];q[d]==null&&(p.min==null||q[D]!=null&&p.auto(n,Bi))&&(q[d]=dl)}for(let d in _){let p=_[d];q[d]==null&&
p.from!=null&&q[p.from]!=null&&(q[d]=dl)}q[D]!=null&&xi(!0);let l={};for(let d in q){let p=q[d];if(p!=null){let g=l[d]=Ni(_[d],uc);if(p.min!=null)Te(g,p);else if(d!=
D||s==2)if(qe==0&&g.from==null){let y=g.range(n,null,null,d);g.min=y[0],g.max=y[1]}else g.min=ue,g.max=-ue}}if(qe>0){S.forEach((d,p)=>{if(s==1){let g=d.scale,y=q[g];
if(y==null)return;let x=l[g];if(p==0){let k=x.range(n,x.min,x.max,g);x.min=k[0],x.max=k[1],De=yt(x.min,e[0]),Ce=yt(x.max,e[0]),Ce-De>1&&(e[0][De]<x.min&&De++,e[0][Ce]>
x.max&&Ce--),d.min=gt[De],d.max=gt[Ce]}else d.show&&d.auto&&ss(x,y,d,e[p],d.sorted);d.idxs[0]=De,d.idxs[1]=Ce}else if(p>0&&d.show&&d.auto){let[g,y]=d.facets,x=g.
scale,k=y.scale,[E,L]=e[p],O=l[x],B=l[k];O!=null&&ss(O,q[x],g,E,g.sorted),B!=null&&ss(B,q[k],y,L,y.sorted),d.min=y.min,d.max=y.max}});for(let d in l){let p=l[d],
g=q[d];if(p.from==null&&(g==null||g.min==null)){let y=p.range(n,p.min==ue?null:p.min,p.max==-ue?null:p.max,d);p.min=y[0],p.max=y[1]}}}for(let d in l){let p=l[d];
if(p.from!=null){let g=l[p.from];if(g.min==null)p.min=p.max=null;else{let y=p.range(n,g.min,g.max,d);p.min=y[0],p.max=y[1]}}}let r={},c=!1;for(let d in l){let p=l[d],
g=_[d];if(g.min!=p.min||g.max!=p.max){g.min=p.min,g.max=p.max;let y=g.distr;g._min=y==3?Ht(g.min):y==4?Ts(g.min,g.asinh):y==100?g.fwd(g.min):g.min,g._max=y==3?Ht(
g.max):y==4?Ts(g.max,g.asinh):y==100?g.fwd(g.max):g.max,r[d]=c=!0}}if(c){S.forEach((d,p)=>{s==2?p>0&&r.y&&(d._paths=null):r[d.scale]&&(d._paths=null)});for(let d in r)
mi=!0,Ne("setScale",d);Ie&&H.left>=0&&(Zt=at=!0)}for(let d in q)q[d]=null}function Zr(l){let r=Rs(De-1,0,qe-1),c=Rs(Ce+1,0,qe-1);for(;l[r]==null&&r>0;)r--;for(;l[c]==
null&&c<qe-1;)c++;return[r,c]}function Qr(){if(qe>0){let l=S.some(r=>r._focus)&&Je!=_t.alpha;l&&(m.globalAlpha=Je=_t.alpha),S.forEach((r,c)=>{if(c>0&&r.show&&(ul(
c,!1),ul(c,!0),r._paths==null)){let d=Je;Je!=r.alpha&&(m.globalAlpha=Je=r.alpha);let p=s==2?[0,e[c][0].length-1]:Zr(e[c]);r._paths=r.paths(n,c,p[0],p[1]),Je!=d&&
(m.globalAlpha=Je=d)}}),S.forEach((r,c)=>{if(c>0&&r.show){let d=Je;Je!=r.alpha&&(m.globalAlpha=Je=r.alpha),r._paths!=null&&hl(c,!1);{let p=r._paths!=null?r._paths.
gaps:null,g=r.points.show(n,c,De,Ce,p),y=r.points.filter(n,c,g,p);(g||y)&&(r.points._paths=r.points.paths(n,c,De,Ce,y),hl(c,!0))}Je!=d&&(m.globalAlpha=Je=d),Ne(
"drawSeries",c)}}),l&&(m.globalAlpha=Je=1)}}function ul(l,r){let c=r?S[l].points:S[l];c._stroke=c.stroke(n,l),c._fill=c.fill(n,l)}function hl(l,r){let c=r?S[l].
points:S[l],{stroke:d,fill:p,clip:g,flags:y,_stroke:x=c._stroke,_fill:k=c._fill,_width:E=c.width}=c._paths;E=he(E*oe,3);let L=null,O=E%2/2;r&&k==null&&(k=E>0?"#\
fff":x);let B=c.pxAlign==1&&O>0;if(B&&m.translate(O,O),!r){let le=Xe-E/2,ne=rt-E/2,Q=Ye+E,W=mt+E;L=new Path2D,L.rect(le,ne,Q,W)}r?ls(x,E,c.dash,c.cap,k,d,p,y,g):
Xr(l,x,E,c.dash,c.cap,k,d,p,y,L,g),B&&m.translate(-O,-O)}function Xr(l,r,c,d,p,g,y,x,k,E,L){let O=!1;k!=0&&Y.forEach((B,le)=>{if(B.series[0]==l){let ne=S[B.series[1]],
Q=e[B.series[1]],W=(ne._paths||sn).band;Bt(W)&&(W=B.dir==1?W[0]:W[1]);let N,ge=null;ne.show&&W&&sc(Q,De,Ce)?(ge=B.fill(n,le)||g,N=ne._paths.clip):W=null,ls(r,c,
d,p,ge,y,x,k,E,L,N,W),O=!0}}),O||ls(r,c,d,p,g,y,x,k,E,L)}let pl=$i|$s;function ls(l,r,c,d,p,g,y,x,k,E,L,O){al(l,r,c,d,p),(k||E||O)&&(m.save(),k&&m.clip(k),E&&m.
clip(E)),O?(x&pl)==pl?(m.clip(O),L&&m.clip(L),mn(p,y),fn(l,g,r)):x&$s?(mn(p,y),m.clip(O),fn(l,g,r)):x&$i&&(m.save(),m.clip(O),L&&m.clip(L),mn(p,y),m.restore(),fn(
l,g,r)):(mn(p,y),fn(l,g,r)),(k||E||O)&&m.restore()}function fn(l,r,c){c>0&&(r instanceof Map?r.forEach((d,p)=>{m.strokeStyle=pn=p,m.stroke(d)}):r!=null&&l&&m.stroke(
r))}function mn(l,r){r instanceof Map?r.forEach((c,d)=>{m.fillStyle=yi=d,m.fill(c)}):r!=null&&l&&m.fill(r)}function ea(l,r,c,d){let p=z[l],g;if(d<=0)g=[0,0];else{
let y=p._space=p.space(n,l,r,c,d),x=p._incrs=p.incrs(n,l,r,c,d,y);g=Md(r,c,x,d,y)}return p._found=g}function os(l,r,c,d,p,g,y,x,k,E){let L=y%2/2;C==1&&m.translate(
L,L),al(x,y,k,E,x),m.beginPath();let O,B,le,ne,Q=p+(d==0||d==3?-g:g);c==0?(B=p,ne=Q):(O=p,le=Q);for(let W=0;W<l.length;W++)r[W]!=null&&(c==0?O=le=l[W]:B=ne=l[W],
m.moveTo(O,B),m.lineTo(le,ne));m.stroke(),C==1&&m.translate(-L,-L)}function ta(l){let r=!0;return z.forEach((c,d)=>{if(!c.show)return;let p=_[c.scale];if(p.min==
null){c._show&&(r=!1,c._show=!1,xi(!1));return}else c._show||(r=!1,c._show=!0,xi(!1));let g=c.side,y=g%2,{min:x,max:k}=p,[E,L]=ea(d,x,k,y==0?K:A);if(L==0)return;
let O=p.distr==2,B=c._splits=c.splits(n,d,x,k,E,L,O),le=p.distr==2?B.map(N=>gt[N]):B,ne=p.distr==2?gt[B[1]]-gt[B[0]]:E,Q=c._values=c.values(n,c.filter(n,le,d,L,
ne),d,L,ne);c._rotate=g==2?c.rotate(n,Q,d,L):0;let W=c._size;c._size=pt(c.size(n,Q,d,l)),W!=null&&c._size!=W&&(r=!1)}),r}function ia(l){let r=!0;return ol.forEach(
(c,d)=>{let p=c(n,d,Xt,l);p!=zt[d]&&(r=!1),zt[d]=p}),r}function na(){for(let l=0;l<z.length;l++){let r=z[l];if(!r.show||!r._show)continue;let c=r.side,d=c%2,p,g,
y=r.stroke(n,l),x=c==0||c==3?-1:1,[k,E]=r._found;if(r.label!=null){let Ge=r.labelGap*x,it=Pe((r._lpos+Ge)*oe);cl(r.labelFont[0],y,"center",c==2?"top":eo),m.save(),
d==1?(p=g=0,m.translate(it,Pe(rt+mt/2)),m.rotate((c==3?-On:On)/2)):(p=Pe(Xe+Ye/2),g=it);let ii=Bo(r.label)?r.label(n,l,k,E):r.label;m.fillText(ii,p,g),m.restore()}
if(E==0)continue;let L=_[r.scale],O=d==0?Ye:mt,B=d==0?Xe:rt,le=r._splits,ne=L.distr==2?le.map(Ge=>gt[Ge]):le,Q=L.distr==2?gt[le[1]]-gt[le[0]]:k,W=r.ticks,N=r.border,
ge=W.show?W.size:0,ke=Pe(ge*oe),$e=Pe((r.alignTo==2?r._size-ge-r.gap:r.gap)*oe),de=r._rotate*-On/180,Se=F(r._pos*oe),et=(ke+$e)*x,Be=Se+et;g=d==0?Be:0,p=d==1?Be:
0;let dt=r.font[0],bt=r.align==1?Oi:r.align==2?Ss:de>0?Oi:de<0?Ss:d==0?"center":c==3?Ss:Oi,Et=de||d==1?"middle":c==2?"top":eo;cl(dt,y,bt,Et);let tt=r.font[1]*r.
lineGap,ut=le.map(Ge=>F(u(Ge,L,O,B))),vt=r._values;for(let Ge=0;Ge<vt.length;Ge++){let it=vt[Ge];if(it!=null){d==0?p=ut[Ge]:g=ut[Ge],it=""+it;let ii=it.indexOf(
`
`)==-1?[it]:it.split(/\n/gm);for(let Ue=0;Ue<ii.length;Ue++){let Dl=ii[Ue];de?(m.save(),m.translate(p,g+Ue*tt),m.rotate(de),m.fillText(Dl,0,0),m.restore()):m.fillText(
Dl,p,g+Ue*tt)}}}W.show&&os(ut,W.filter(n,ne,l,E,Q),d,c,Se,ke,he(W.width*oe,3),W.stroke(n,l),W.dash,W.cap);let Lt=r.grid;Lt.show&&os(ut,Lt.filter(n,ne,l,E,Q),d,d==
0?2:1,d==0?rt:Xe,d==0?mt:Ye,he(Lt.width*oe,3),Lt.stroke(n,l),Lt.dash,Lt.cap),N.show&&os([Se],[1],d==0?1:0,d==0?1:2,d==1?rt:Xe,d==1?mt:Ye,he(N.width*oe,3),N.stroke(
n,l),N.dash,N.cap)}Ne("drawAxes")}function xi(l){S.forEach((r,c)=>{c>0&&(r._paths=null,l&&(s==1?(r.min=null,r.max=null):r.facets.forEach(d=>{d.min=null,d.max=null})))})}
let gn=!1,rs=!1,Gi=[];function sa(){rs=!1;for(let l=0;l<Gi.length;l++)Ne(...Gi[l]);Gi.length=0}function ki(){gn||(vc(fl),gn=!0)}function la(l,r=!1){gn=!0,rs=r,l(
n),fl(),r&&Gi.length>0&&queueMicrotask(sa)}n.batch=la;function fl(){if(jn&&(Jr(),jn=!1),mi&&(Vr(),mi=!1),dn){if(be(T,Oi,pe),be(T,"top",Le),be(T,Xi,K),be(T,en,A),
be(P,Oi,pe),be(P,"top",Le),be(P,Xi,K),be(P,en,A),be(v,Xi,Dt),be(v,en,jt),w.width=Pe(Dt*oe),w.height=Pe(jt*oe),z.forEach(({_el:l,_show:r,_size:c,_pos:d,side:p})=>{
if(l!=null)if(r){let g=p===3||p===0?c:0,y=p%2==1;be(l,y?"left":"top",d-g),be(l,y?"width":"height",c),be(l,y?"top":"left",y?Le:pe),be(l,y?"height":"width",y?A:K),
Ds(l,ri)}else nt(l,ri)}),pn=yi=Zn=Xn=es=ts=is=ns=Qn=null,Je=1,ji(!0),pe!=fi||Le!=Yt||K!=St||A!=Jt){xi(!1);let l=K/St,r=A/Jt;if(Ie&&!Zt&&H.left>=0){H.left*=l,H.top*=
r,Si&&At(Si,Pe(H.left),0,K,A),_i&&At(_i,0,Pe(H.top),K,A);for(let c=0;c<ct.length;c++){let d=ct[c];d!=null&&(vi[c]*=l,wi[c]*=r,At(d,pt(vi[c]),pt(wi[c]),K,A))}}if(me.
show&&!un&&me.left>=0&&me.width>0){me.left*=l,me.width*=l,me.top*=r,me.height*=r;for(let c in ps)be(Ei,c,me[c])}fi=pe,Yt=Le,St=K,Jt=A}Ne("setSize"),dn=!1}Dt>0&&
jt>0&&(m.clearRect(0,0,w.width,w.height),Ne("drawClear"),U.forEach(l=>l()),Ne("draw")),me.show&&un&&(bn(me),un=!1),Ie&&Zt&&(ti(null,!0,!1),Zt=!1),Z.show&&Z.live&&
at&&(us(),at=!1),h||(h=!0,n.status=1,Ne("ready")),Bi=!1,gn=!1}n.redraw=(l,r)=>{mi=r||!1,l!==!1?Wt(D,M.min,M.max):ki()};function as(l,r){let c=_[l];if(c.from==null){
if(qe==0){let d=c.range(n,r.min,r.max,l);r.min=d[0],r.max=d[1]}if(r.min>r.max){let d=r.min;r.min=r.max,r.max=d}if(qe>1&&r.min!=null&&r.max!=null&&r.max-r.min<1e-16)
return;l==D&&c.distr==2&&qe>0&&(r.min=yt(r.min,e[0]),r.max=yt(r.max,e[0]),r.min==r.max&&r.max++),q[l]=r,jn=!0,ki()}}n.setScale=as;let cs,ds,Si,_i,ml,gl,Mi,Ti,bl,
vl,fe,ye,Ft=!1,ze=H.drag,Re=ze.x,He=ze.y;Ie&&(H.x&&(cs=ht(Ia,P)),H.y&&(ds=ht(Va,P)),M.ori==0?(Si=cs,_i=ds):(Si=ds,_i=cs),fe=H.left,ye=H.top);let me=n.select=Te(
{show:!0,over:!0,left:0,width:0,top:0,height:0},i.select),Ei=me.show?ht(Wa,me.over?P:T):null;function bn(l,r){if(me.show){for(let c in l)me[c]=l[c],c in ps&&be(
Ei,c,l[c]);r!==!1&&Ne("setSelect")}}n.setSelect=bn;function oa(l){if(S[l].show)Ee&&Ds(xe[l],ri);else if(Ee&&nt(xe[l],ri),Ie){let c=bi?ct[0]:ct[l];c!=null&&At(c,
-10,-10,K,A)}}function Wt(l,r,c){as(l,{min:r,max:c})}function Mt(l,r,c,d){r.focus!=null&&ua(l),r.show!=null&&S.forEach((p,g)=>{g>0&&(l==g||l==null)&&(p.show=r.show,
oa(g),s==2?(Wt(p.facets[0].scale,null,null),Wt(p.facets[1].scale,null,null)):Wt(p.scale,null,null),ki())}),c!==!1&&Ne("setSeries",l,r),d&&Yi("setSeries",n,l,r)}
n.setSeries=Mt;function ra(l,r){Te(Y[l],r)}function aa(l,r){l.fill=ee(l.fill||null),l.dir=se(l.dir,-1),r=r??Y.length,Y.splice(r,0,l)}function ca(l){l==null?Y.length=
0:Y.splice(l,1)}n.addBand=aa,n.setBand=ra,n.delBand=ca;function da(l,r){S[l].alpha=r,Ie&&ct[l]!=null&&(ct[l].style.opacity=r),Ee&&xe[l]&&(xe[l].style.opacity=r)}
let Ct,It,ei,Li={focus:!0};function ua(l){if(l!=ei){let r=l==null,c=_t.alpha!=1;S.forEach((d,p)=>{if(s==1||p>0){let g=r||p==0||p==l;d._focus=r?null:g,c&&da(p,g?
1:_t.alpha)}}),ei=l,c&&ki()}}Ee&&gi&&Ve(so,re,l=>{H._lock||(Qt(l),ei!=null&&Mt(null,Li,!0,Me.setSeries))});function Tt(l,r,c){let d=_[r];c&&(l=l/oe-(d.ori==1?Le:
pe));let p=K;d.ori==1&&(p=A,l=p-l),d.dir==-1&&(l=p-l);let g=d._min,y=d._max,x=l/p,k=g+(y-g)*x,E=d.distr;return E==3?Ri(10,k):E==4?oc(k,d.asinh):E==100?d.bwd(k):
k}function ha(l,r){let c=Tt(l,D,r);return yt(c,e[0],De,Ce)}n.valToIdx=l=>yt(l,e[0]),n.posToIdx=ha,n.posToVal=Tt,n.valToPos=(l,r,c)=>_[r].ori==0?o(l,_[r],c?Ye:K,
c?Xe:0):a(l,_[r],c?mt:A,c?rt:0),n.setCursor=(l,r,c)=>{fe=l.left,ye=l.top,ti(null,r,c)};function wl(l,r){be(Ei,Oi,me.left=l),be(Ei,Xi,me.width=r)}function yl(l,r){
be(Ei,"top",me.top=l),be(Ei,en,me.height=r)}let Ui=M.ori==0?wl:yl,Ki=M.ori==1?wl:yl;function pa(){if(Ee&&Z.live)for(let l=s==2?1:0;l<S.length;l++){if(l==0&&ot)continue;
let r=Z.values[l],c=0;for(let d in r)kt[l][c++].firstChild.nodeValue=r[d]}}function us(l,r){if(l!=null&&(l.idxs?l.idxs.forEach((c,d)=>{ce[d]=c}):dc(l.idx)||ce.fill(
l.idx),Z.idx=ce[0]),Ee&&Z.live){for(let c=0;c<S.length;c++)(c>0||s==1&&!ot)&&fa(c,ce[c]);pa()}at=!1,r!==!1&&Ne("setLegend")}n.setLegend=us;function fa(l,r){let c=S[l],
d=l==0&&j==2?gt:e[l],p;ot?p=c.values(n,l,r)??qt:(p=c.value(n,r==null?null:d[r],l,r),p=p==null?qt:{_:p}),Z.values[l]=p}function ti(l,r,c){bl=fe,vl=ye,[fe,ye]=H.move(
n,fe,ye),H.left=fe,H.top=ye,Ie&&(Si&&At(Si,Pe(fe),0,K,A),_i&&At(_i,0,Pe(ye),K,A));let d,p=De>Ce;Ct=ue,It=null;let g=M.ori==0?K:A,y=M.ori==1?K:A;if(fe<0||qe==0||
p){d=H.idx=null;for(let x=0;x<S.length;x++){let k=ct[x];k!=null&&At(k,-10,-10,K,A)}gi&&Mt(null,Li,!0,l==null&&Me.setSeries),Z.live&&(ce.fill(d),at=!0)}else{let x,
k,E;s==1&&(x=M.ori==0?fe:ye,k=Tt(x,D),d=H.idx=yt(k,e[0],De,Ce),E=R(e[0][d],M,g,0));let L=-10,O=-10,B=0,le=0,ne=!0,Q="",W="";for(let N=s==2?1:0;N<S.length;N++){let ge=S[N],
ke=ce[N],$e=ke==null?null:s==1?e[N][ke]:e[N][1][ke],de=H.dataIdx(n,N,d,k),Se=de==null?null:s==1?e[N][de]:e[N][1][de];if(at=at||Se!=$e||de!=ke,ce[N]=de,N>0&&ge.show){
let et=de==null?-10:de==d?E:R(s==1?e[0][de]:e[N][0][de],M,g,0),Be=Se==null?-10:V(Se,s==1?_[ge.scale]:_[ge.facets[1].scale],y,0);if(gi&&Se!=null){let dt=M.ori==1?
fe:ye,bt=Ae(_t.dist(n,N,de,Be,dt));if(bt<Ct){let Et=_t.bias;if(Et!=0){let tt=Tt(dt,ge.scale),ut=Se>=0?1:-1,vt=tt>=0?1:-1;vt==ut&&(vt==1?Et==1?Se>=tt:Se<=tt:Et==
1?Se<=tt:Se>=tt)&&(Ct=bt,It=N)}else Ct=bt,It=N}}if(at||bi){let dt,bt;M.ori==0?(dt=et,bt=Be):(dt=Be,bt=et);let Et,tt,ut,vt,Lt,Ge,it=!0,ii=Fe.bbox;if(ii!=null){it=
!1;let Ue=ii(n,N);ut=Ue.left,vt=Ue.top,Et=Ue.width,tt=Ue.height}else ut=dt,vt=bt,Et=tt=Fe.size(n,N);if(Ge=Fe.fill(n,N),Lt=Fe.stroke(n,N),bi)N==It&&Ct<=_t.prox&&
(L=ut,O=vt,B=Et,le=tt,ne=it,Q=Ge,W=Lt);else{let Ue=ct[N];Ue!=null&&(vi[N]=ut,wi[N]=vt,ho(Ue,Et,tt,it),co(Ue,Ge,Lt),At(Ue,pt(ut),pt(vt),K,A))}}}}if(bi){let N=_t.
prox,ge=ei==null?Ct<=N:Ct>N||It!=ei;if(at||ge){let ke=ct[0];ke!=null&&(vi[0]=L,wi[0]=O,ho(ke,B,le,ne),co(ke,Q,W),At(ke,pt(L),pt(O),K,A))}}}if(me.show&&Ft)if(l!=
null){let[x,k]=Me.scales,[E,L]=Me.match,[O,B]=l.cursor.sync.scales,le=l.cursor.drag;if(Re=le._x,He=le._y,Re||He){let{left:ne,top:Q,width:W,height:N}=l.select,ge=l.
scales[O].ori,ke=l.posToVal,$e,de,Se,et,Be,dt=x!=null&&E(x,O),bt=k!=null&&L(k,B);dt&&Re?(ge==0?($e=ne,de=W):($e=Q,de=N),Se=_[x],et=R(ke($e,O),Se,g,0),Be=R(ke($e+
de,O),Se,g,0),Ui(xt(et,Be),Ae(Be-et))):Ui(0,g),bt&&He?(ge==1?($e=ne,de=W):($e=Q,de=N),Se=_[k],et=V(ke($e,B),Se,y,0),Be=V(ke($e+de,B),Se,y,0),Ki(xt(et,Be),Ae(Be-
et))):Ki(0,y)}else fs()}else{let x=Ae(bl-ml),k=Ae(vl-gl);if(M.ori==1){let B=x;x=k,k=B}Re=ze.x&&x>=ze.dist,He=ze.y&&k>=ze.dist;let E=ze.uni;E!=null?Re&&He&&(Re=x>=
E,He=k>=E,!Re&&!He&&(k>x?He=!0:Re=!0)):ze.x&&ze.y&&(Re||He)&&(Re=He=!0);let L,O;Re&&(M.ori==0?(L=Mi,O=fe):(L=Ti,O=ye),Ui(xt(L,O),Ae(O-L)),He||Ki(0,y)),He&&(M.ori==
1?(L=Mi,O=fe):(L=Ti,O=ye),Ki(xt(L,O),Ae(O-L)),Re||Ui(0,g)),!Re&&!He&&(Ui(0,0),Ki(0,0))}if(ze._x=Re,ze._y=He,l==null){if(c){if(Ol!=null){let[x,k]=Me.scales;Me.values[0]=
x!=null?Tt(M.ori==0?fe:ye,x):null,Me.values[1]=k!=null?Tt(M.ori==1?fe:ye,k):null}Yi(_s,n,fe,ye,K,A,d)}if(gi){let x=c&&Me.setSeries,k=_t.prox;ei==null?Ct<=k&&Mt(
It,Li,!0,x):Ct>k?Mt(null,Li,!0,x):It!=ei&&Mt(It,Li,!0,x)}}at&&(Z.idx=d,us()),r!==!1&&Ne("setCursor")}let Vt=null;Object.defineProperty(n,"rect",{get(){return Vt==
null&&ji(!1),Vt}});function ji(l=!1){l?Vt=null:(Vt=P.getBoundingClientRect(),Ne("syncRect",Vt))}function xl(l,r,c,d,p,g,y){H._lock||Ft&&l!=null&&l.movementX==0&&
l.movementY==0||(hs(l,r,c,d,p,g,y,!1,l!=null),l!=null?ti(null,!0,!0):ti(r,!0,!1))}function hs(l,r,c,d,p,g,y,x,k){if(Vt==null&&ji(!1),Qt(l),l!=null)c=l.clientX-Vt.
left,d=l.clientY-Vt.top;else{if(c<0||d<0){fe=-10,ye=-10;return}let[E,L]=Me.scales,O=r.cursor.sync,[B,le]=O.values,[ne,Q]=O.scales,[W,N]=Me.match,ge=r.axes[0].side%
2==1,ke=M.ori==0?K:A,$e=M.ori==1?K:A,de=ge?g:p,Se=ge?p:g,et=ge?d:c,Be=ge?c:d;if(ne!=null?c=W(E,ne)?u(B,_[E],ke,0):-10:c=ke*(et/de),Q!=null?d=N(L,Q)?u(le,_[L],$e,
0):-10:d=$e*(Be/Se),M.ori==1){let dt=c;c=d,d=dt}}k&&(r==null||r.cursor.event.type==_s)&&((c<=1||c>=K-1)&&(c=li(c,K)),(d<=1||d>=A-1)&&(d=li(d,A))),x?(ml=c,gl=d,[
Mi,Ti]=H.move(n,c,d)):(fe=c,ye=d)}let ps={width:0,height:0,left:0,top:0};function fs(){bn(ps,!1)}let kl,Sl,_l,Ml;function Tl(l,r,c,d,p,g,y){Ft=!0,Re=He=ze._x=ze.
_y=!1,hs(l,r,c,d,p,g,y,!0,!1),l!=null&&(Ve(Ms,As,El,!1),Yi(io,n,Mi,Ti,K,A,null));let{left:x,top:k,width:E,height:L}=me;kl=x,Sl=k,_l=E,Ml=L}function El(l,r,c,d,p,g,y){
Ft=ze._x=ze._y=!1,hs(l,r,c,d,p,g,y,!1,!0);let{left:x,top:k,width:E,height:L}=me,O=E>0||L>0,B=kl!=x||Sl!=k||_l!=E||Ml!=L;if(O&&B&&bn(me),ze.setScale&&O&&B){let le=x,
ne=E,Q=k,W=L;if(M.ori==1&&(le=k,ne=L,Q=x,W=E),Re&&Wt(D,Tt(le,D),Tt(le+ne,D)),He)for(let N in _){let ge=_[N];N!=D&&ge.from==null&&ge.min!=ue&&Wt(N,Tt(Q+W,N),Tt(Q,
N))}fs()}else H.lock&&(H._lock=!H._lock,ti(r,!0,l!=null));l!=null&&(pi(Ms,As),Yi(Ms,n,fe,ye,K,A,null))}function ma(l,r,c,d,p,g,y){if(H._lock)return;Qt(l);let x=Ft;
if(Ft){let k=!0,E=!0,L=10,O,B;M.ori==0?(O=Re,B=He):(O=He,B=Re),O&&B&&(k=fe<=L||fe>=K-L,E=ye<=L||ye>=A-L),O&&k&&(fe=fe<Mi?0:K),B&&E&&(ye=ye<Ti?0:A),ti(null,!0,!0),
Ft=!1}fe=-10,ye=-10,ce.fill(null),ti(null,!0,!0),x&&(Ft=x)}function Ll(l,r,c,d,p,g,y){H._lock||(Qt(l),Jn(),fs(),l!=null&&Yi(lo,n,fe,ye,K,A,null))}function Pl(){
z.forEach(Td),Yn(n.width,n.height,!0)}ai(Dn,Ci,Pl);let Pi={};Pi.mousedown=Tl,Pi.mousemove=xl,Pi.mouseup=El,Pi.dblclick=Ll,Pi.setSeries=(l,r,c,d)=>{let p=Me.match[2];
c=p(n,r,c),c!=-1&&Mt(c,d,!0,!1)},Ie&&(Ve(io,P,Tl),Ve(_s,P,xl),Ve(no,P,l=>{Qt(l),ji(!1)}),Ve(so,P,ma),Ve(lo,P,Ll),qs.add(n),n.syncRect=ji);let vn=n.hooks=i.hooks||
{};function Ne(l,r,c){rs?Gi.push([l,r,c]):l in vn&&vn[l].forEach(d=>{d.call(null,n,r,c)})}(i.plugins||[]).forEach(l=>{for(let r in l.hooks)vn[r]=(vn[r]||[]).concat(
l.hooks[r])});let Al=(l,r,c)=>c,Me=Te({key:null,setSeries:!1,filters:{pub:bo,sub:bo},scales:[D,S[1]?S[1].scale:null],match:[vo,vo,Al],values:[null,null]},H.sync);
Me.match.length==2&&Me.match.push(Al),H.sync=Me;let Ol=Me.key,ms=fr(Ol);function Yi(l,r,c,d,p,g,y){Me.filters.pub(l,r,c,d,p,g,y)&&ms.pub(l,r,c,d,p,g,y)}ms.sub(n);
function ga(l,r,c,d,p,g,y){Me.filters.sub(l,r,c,d,p,g,y)&&Pi[l](null,r,c,d,p,g,y)}n.pub=ga;function ba(){ms.unsub(n),qs.delete(n),Kt.clear(),Cs(Dn,Ci,Pl),f.remove(),
re?.remove(),Ne("destroy")}n.destroy=ba;function gs(){Ne("init",i,e),rl(e||i.data,!1),q[D]?as(D,q[D]):Jn(),un=me.show&&(me.width>0||me.height>0),Zt=at=!0,Yn(i.width,
i.height)}return S.forEach(ll),z.forEach(Yr),t?t instanceof HTMLElement?(t.appendChild(f),gs()):t(n,gs):gs(),n}Oe.assign=Te;Oe.fmtNum=Gs;Oe.rangeNum=Cn;Oe.rangeLog=
Nn;Oe.rangeAsinh=Vs;Oe.orient=di;Oe.pxRatio=oe;Oe.join=bc;Oe.fmtDate=Ks,Oe.tzDate=Lc;Oe.sync=fr;{Oe.addGap=dd,Oe.clipGaps=zn;let i=Oe.paths={points:yr};i.linear=
kr,i.stepped=pd,i.bars=fd,i.spline=gd}function Ze(i){return i<1e3?`${Math.round(i)} ms`:`${(i/1e3).toFixed(1)} s`}function Tr(i,e){let t=(e-i)/2.2,n=10**Math.floor(Math.log10(t)),s=([1,2,2.5,5].findLast(a=>a*n<=t)??1)*n,o=[];for(let a=Math.ceil(i/s)*s;a<=e;a+=s)o.push(a);return o}var Ed=400,Ld=260,Er=4,Pd=["--loopai-s1","--loopai-s2","--loopai-s3","--loopai-s4","--loopai-s5","--loopai-s6"],on=class{element;legend=b("ul",{class:"legend"});data=null;canvas=b(
"div",{class:"canvas",role:"img"});tip=b("div",{class:"tip",hidden:!0,"aria-hidden":"true"});nothing=b("p",{class:"nothing loopai-quiet",hidden:!0});table=b("di\
v",{class:"numbers",hidden:!0});tableButton;note=b("span",{class:"note loopai-quiet"});sizes=new ResizeObserver(()=>this.resize());themes=new MutationObserver(()=>window.
setTimeout(()=>this.recolour(),Ed));plot=null;drawn="";clicked=0;held=!1;late=!1;constructor(e,t){this.tableButton=_e("Table",()=>this.turn(),{class:"loopai-pla\
in"}),this.tableButton.setAttribute("aria-pressed","false"),this.tableButton.setAttribute("aria-label",`${e} as a table`),this.element=b("figure",{class:`figure\
 ${t}`},b("figcaption",{},b("h4",{},e),this.note,this.tableButton),this.legend,b("div",{class:"stage"},this.canvas,this.tip,this.nothing),this.table),this.sizes.
observe(this.canvas),this.themes.observe(document.body,{attributes:!0,attributeFilter:["data-jp-theme-light","class"]})}show(e){if(this.data=e,this.held){this.late=
!0;return}let t=this.nothingOf(e);this.nothing.textContent=t,this.nothing.hidden=t==="",this.canvas.classList.toggle("bare",t!==""),this.canvas.setAttribute("ar\
ia-label",this.inWords(e)),this.note.textContent=this.noteOf(e),this.draw(),this.fillTable()}close(){this.sizes.disconnect(),this.themes.disconnect(),window.clearTimeout(
this.clicked),this.plot?.destroy(),this.plot=null}drags=!0;colours(){let e=b("span",{hidden:!0});this.canvas.append(e);let t=s=>(e.style.color=`var(${s})`,getComputedStyle(
e).color),n={ink:t("--loopai-quiet"),rule:t("--loopai-line"),paper:t("--loopai-paper"),accent:t("--loopai-accent"),series:Pd.map(t)};return e.remove(),n}get height(){
return this.canvas.clientHeight}draw(){let e=this.canvas.clientWidth;if(this.data===null||e===0)return;let t=this.colours(),{options:n,data:s,shape:o}=this.plotted(
this.data,t),a=JSON.stringify([o,t]);if(this.plot!==null&&a===this.drawn){this.plot.setData(s),(this.plot.width!==e||this.plot.height!==this.height)&&this.plot.
setSize({width:e,height:this.height});return}this.plot?.destroy(),this.drawn=a;let u=n.hooks??{};this.plot=new Oe({...n,width:e,height:this.height,legend:{show:!1},
cursor:{x:!0,y:!1,points:{show:!1},drag:{x:this.drags,y:!1,setScale:!1,dist:Er},bind:{dblclick:()=>()=>this.double()}},hooks:{...u,setCursor:[h=>this.point(h)],
setSelect:[h=>this.select(h)],ready:[h=>this.listen(h)]}},s,this.canvas)}listen(e){return e.over.addEventListener("mousedown",()=>{this.held=!0;let t=()=>{this.
held=!1,this.late&&this.data!==null&&(this.late=!1,this.show(this.data))};document.addEventListener("mouseup",()=>window.setTimeout(t),{once:!0})}),e.over.addEventListener(
"click",t=>{window.clearTimeout(this.clicked);let[n,s]=[e.cursor.left??-1,e.cursor.top??-1];if(t.detail>1||n<0)return;let[o,a]=[this.indexAt(e,n),e.posToVal(s,"\
y")];this.clicked=window.setTimeout(()=>{this.data!==null&&o!==null&&this.pressed(this.data,o,a)},Ld)}),e.over.addEventListener("mouseleave",()=>{this.tip.hidden=
!0}),null}indexAt(e,t){let n=e.posToVal(t,"x"),o=e.data[0].findLastIndex(a=>a<=n);return o<0?null:o}double(){return window.clearTimeout(this.clicked),this.twice(),
null}select(e){let{left:t,width:n}=e.select;if(n<Er||this.data===null)return;let[s,o]=[e.posToVal(t,"x"),e.posToVal(t+n,"x")];e.setSelect({left:0,top:0,width:0,
height:0},!1),this.held=!1,this.tip.hidden=!0,this.dragged(this.data,s,o)}point(e){let t=e.cursor.left??-1,n=t<0?null:this.indexAt(e,t);if(n===null||this.data===
null){this.tip.hidden=!0;return}let{title:s,lines:o}=this.pointed(this.data,n);this.tip.hidden=s==="",this.tip.replaceChildren(b("b",{},s),...o.map(([h,f,w])=>{
let m=b("i",{"aria-hidden":"true"});return m.style.background=h??"transparent",b("div",{},m,b("span",{},f),b("span",{class:"value"},w))}));let a=this.canvas.clientWidth,
u=t+e.over.offsetLeft>a/2;this.tip.style.insetInlineStart=u?"auto":`${t+e.over.offsetLeft+14}px`,this.tip.style.insetInlineEnd=u?`${a-t-e.over.offsetLeft+14}px`:
"auto"}resize(){let e=this.canvas.clientWidth;e===0||this.plot?.width===e&&this.plot.height===this.height||this.draw()}recolour(){this.plot!==null&&this.draw(),
this.data!==null&&this.show(this.data)}turn(){let e=this.table.hidden;this.table.hidden=!e,this.canvas.parentElement.hidden=e,this.tableButton.setAttribute("ari\
a-pressed",String(e)),this.fillTable()}fillTable(){if(this.table.hidden||this.data===null)return;let{head:e,rows:t}=this.tableOf(this.data),n=t.map(({cells:s,press:o})=>{
let[a="",...u]=s,h=o===void 0?a:_e(a,o,{class:"loopai-link"});return b("tr",{},b("th",{scope:"row"},h),...u.map(f=>b("td",{},f)))});this.table.replaceChildren(b(
"table",{},b("thead",{},b("tr",{},...e.map(s=>b("th",{scope:"col"},s)))),b("tbody",{},...n)))}};var Ad=8,Lr=5,Cr=11,Od=5,Rr=Oe.paths.bars,Vn=class{places=new Map;place(e){if(e===null)return Lr;let t=this.places.get(e);if(t!==void 0)return t;let n=new Set(this.
places.values()),s=[0,1,2,3,4].find(o=>!n.has(o))??this.places.size%Lr;return this.places.set(e,s),s}};function Wi({since_ms:i,until_ms:e,step_ms:t}){let n=[];for(let s=Math.
floor(i/t)*t;s<e;s+=t)n.push(s);return n}function Hr(i,e,t,n){let s=new Map(e.map((o,a)=>[o,t[a]]));return i.map(o=>s.get(o)??n)}function Dd(){return`${Cr}px ${getComputedStyle(
document.body).fontFamily}`}function el(i,e,t){let n={stroke:i.rule,width:1},s={stroke:i.ink,font:Dd()};return[{...s,size:30,gap:4,grid:{show:!1},ticks:{...n,size:4},
...e},{...s,size:52,gap:6,grid:n,ticks:{show:!1},splits:(o,a,u,h)=>Tr(u,h),...t}]}function Nr(i){return{space:64,values:(e,t)=>zl(t,i)}}function $r({since_ms:i,
until_ms:e,step_ms:t}){return[Math.floor(i/t)*t/1e3,e/1e3]}var Bn=class extends on{constructor(t,n,s){super(t,n);this.state=s}state;dragged(t,n,s){let o=t.step_ms,
a=Math.floor(n*1e3/o)*o,u=Math.ceil(s*1e3/o)*o;this.state.range(a,Math.min(u,Math.max(t.until_ms,a+o)))}twice(){this.state.back()}open(t,n,s){this.state.showRequests(
{},{last:null,since_ms:n,until_ms:n+t.step_ms,...s===null?{}:{model:s}})}noteOf(){return""}},rn=class extends Bn{constructor(t,n,s,o){super(t,"stack",n);this.palette=
s;this.what=o}palette;what;show(t){super.show(t);let n=this.colours(),s=t.series.groups.length===1?this.state.scope.model:null;this.legend.replaceChildren(...t.
series.groups.map(o=>{let a=b("i",{"aria-hidden":"true"});if(a.style.background=n.series[this.palette.place(o.name)],o.name===null)return b("li",{},a,o.shown);let u=_e(
o.shown,()=>this.state.change({model:s===null?o.name:null}),{class:"loopai-link",title:s===null?`Only ${o.shown}`:"All models"});return b("li",{},a,u)}))}plotted(t,n){
let s=Wi(t),o=t.series.groups,a=s.map(()=>0),u=o.map(m=>{let v=Hr(s,t.series.times_ms,m[this.what],0);return a=a.map((T,P)=>T+v[P]),a}),h=o.map(m=>this.palette.
place(m.name)).reverse(),f=this.what==="requests"?kn:$l,w=Rr({size:[.86,46],align:1,radius:0});return{shape:JSON.stringify([h,t.step_ms]),data:[s.map(m=>m/1e3),
...u.reverse()],options:{padding:[8,8,0,0],scales:{x:{time:!0,range:()=>$r(this.data??t)},y:{range:(m,v,T)=>[0,this.top(T)]}},axes:el(n,Nr(t.step_ms),{values:(m,v)=>v.
map(f)}),series:[{},...h.map(m=>({fill:n.series[m],stroke:n.paper,width:this.wide(s.length)?1:0,paths:w,points:{show:!1}}))]}}}nothingOf(t){return t.series.groups.
length===0?"Nothing was asked in this time.":this.what==="cost_usd"&&t.series.groups.every(n=>n.cost_usd.every(s=>s===0))?"Nothing was paid in this time, as far\
 as prices are known.":""}inWords(t){let n=t.series.groups.map(o=>`${o.shown} ${this.said(o[this.what].reduce((a,u)=>a+u,0))}`);return`${this.what==="requests"?
"Requests":"Cost"} over time, ${si(t.since_ms,t.until_ms)}: ${n.join(", ")||"nothing"}`}tableOf(t){let{times_ms:n,groups:s}=t.series;return{head:["time",...s.map(
o=>o.shown)],rows:n.map((o,a)=>({cells:[si(o,o+t.step_ms),...s.map(u=>this.said(u[this.what][a]))],press:()=>this.open(t,o,null)}))}}pointed(t,n){let s=Wi(t)[n],
o=t.series.times_ms.indexOf(s),a=si(s,s+t.step_ms);if(o<0)return{title:a,lines:[[null,"nothing",""]]};let u=this.colours(),h=t.series.groups.map(f=>[u.series[this.
palette.place(f.name)],f.shown,f[this.what][o]]).filter(([,,f])=>f>0).reverse().slice(0,Ad);return{title:a,lines:h.map(([f,w,m])=>[f,w,this.said(m)])}}pressed(t,n,s){
let o=Wi(t)[n],a=t.series.times_ms.indexOf(o);if(a<0)return;let u=0,h=t.series.groups.find(f=>s<=(u+=f[this.what][a]));this.open(t,o,h?.name??null)}said(t){return this.
what==="requests"?Rt(t):`${Nl(t)} USD`}top(t){return this.what==="requests"?Math.max(1,t*1.06):Math.max(1e-9,t*1.06)}wide(t){return this.element.clientWidth/Math.
max(1,t)>Od}},Ut=[["p50_ms","p50","--loopai-s1",[]],["p95_ms","p95","--loopai-s2",[6,3]],["p99_ms","p99","--loopai-s4",[2,3]]],Pr=[0,1,3],Ar=40,Gn=class extends Bn{constructor(e){
super("Latency over time","percentiles",e),this.legend.append(...Ut.map(([,t])=>b("li",{},b("i",{class:`line ${t}`,"aria-hidden":"true"}),t)))}plotted(e,t){let n=Wi(
e),{times_ms:s}=e.latency,o=Ut.map(([w])=>Hr(n,s,e.latency[w],null).map(Or)),a=e.step_ms/2,u=Ut.flatMap(([w])=>e.latency[w]).flatMap(w=>Or(w)??[]),h=Math.min(...u)-
.08,f=Math.max(...u,h+.3)+.05;return{shape:JSON.stringify([e.step_ms,s.length<Ar,h,f]),data:[n.map(w=>(w+a)/1e3),...o],options:{padding:[8,8,0,0],scales:{x:{time:!0,
range:()=>$r(this.data??e)},y:{range:()=>[h,f]}},axes:el(t,Nr(e.step_ms),{splits:w=>zr(h,f,w.height/28),values:(w,m)=>m.map(v=>qr(10**v))}),series:[{},...Ut.map(
([,w,,m],v)=>{let T=t.series[Pr[v]];return{label:w,stroke:T,width:1.75,dash:[...m],spanGaps:!1,points:{show:s.length<Ar,size:4,fill:T,stroke:T}}})]}}}noteOf(){return this.
data!==null&&this.data.latency.times_ms.length>0?"logarithmic":""}nothingOf(e){return e.latency.times_ms.length===0?"No answer came in this time.":""}inWords(e){
let{p50_ms:t,p95_ms:n,p99_ms:s}=e.spread;return t===null||n===null||s===null?"Latency over time: no answer":`Latency over time, ${si(e.since_ms,e.until_ms)}: in\
 all p50 ${Ze(t)}, p95 ${Ze(n)}, p99 ${Ze(s)}`}tableOf(e){return{head:["time",...Ut.map(([,t])=>t)],rows:e.latency.times_ms.map((t,n)=>({cells:[si(t,t+e.step_ms),
...Ut.map(([s])=>Dr(e.latency[s][n]))],press:()=>this.open(e,t,null)}))}}pointed(e,t){let s=Wi(e)[t];if(s===void 0)return{title:"",lines:[]};let o=e.latency.times_ms.
indexOf(s),a=si(s,s+e.step_ms);if(o<0)return{title:a,lines:[[null,"no answer",""]]};let u=this.colours();return{title:a,lines:Ut.map(([h,f],w)=>[u.series[Pr[w]],
f,Dr(e.latency[h][o])])}}pressed(e,t){let n=Wi(e)[t];n!==void 0&&e.latency.times_ms.includes(n)&&this.state.showRequests({order:"latency",descending:!0},{last:null,
since_ms:n,until_ms:n+e.step_ms})}};function qr(i){return i<1e3?Ze(i):`${Number((i/1e3).toPrecision(3))} s`}function Or(i){return i===null?null:Math.log10(Math.
max(.01,i))}function Dr(i){return i==null?"–":Ze(i)}var Un=class extends on{constructor(t){super("How long answers take","distribution");this.state=t}state;drags=!1;plotted(t,n){
let{from_ms:s,to_ms:o,count:a}=t.spread,u=Math.log10(Math.max(.01,s[0]??1)),h=Math.log10(o.at(-1)??10),f=(h-u)/Math.max(1,a.length),w=Rr({size:[.92,60],align:1,
radius:0});return{shape:JSON.stringify([a.length,u,h]),data:[a.map((m,v)=>u+v*f),a],options:{padding:[18,12,0,0],scales:{x:{time:!1,range:()=>[u,h]},y:{range:(m,v,T)=>[
0,Math.max(1,T*1.06)]}},axes:el(n,{space:48,splits:m=>zr(u,h,m.width/64),values:(m,v)=>v.map(T=>qr(10**T))},{values:(m,v)=>v.map(kn)}),series:[{},{fill:n.series[0],
width:0,paths:w,points:{show:!1}}],hooks:{draw:[m=>this.mark(m)]}}}}nothingOf(t){return t.spread.count.length===0?"No answer came in this time.":""}noteOf(t){return t.
spread.count.length===0?"":"logarithmic"}inWords(t){let{p50_ms:n,p95_ms:s,p99_ms:o}=t.spread;return n===null||s===null||o===null?"Distribution of latencies: no \
answer":`Distribution of latencies: half of the answers within ${Ze(n)}, 95% within ${Ze(s)}, 99% within ${Ze(o)}`}tableOf(t){let{from_ms:n,to_ms:s,count:o}=t.spread,
a=o.map((u,h)=>({cells:[`${Ze(n[h])} – ${Ze(s[h])}`,Rt(u)],press:()=>this.pressed(t,h)}));return{head:["latency","answers"],rows:a.filter((u,h)=>o[h]>0)}}pointed(t,n){
let{from_ms:s,to_ms:o,count:a}=t.spread;return n>=a.length?{title:"",lines:[]}:{title:`${Ze(s[n])} – ${Ze(o[n])}`,lines:[[null,"answers",Rt(a[n])]]}}pressed(t,n){
let{from_ms:s,to_ms:o,count:a}=t.spread;(a[n]??0)!==0&&this.state.showRequests({min_latency_ms:s[n],max_latency_ms:o[n],order:"latency",descending:!0})}dragged(){}twice(){}mark(t){
if(this.data===null)return;let n=this.colours(),{ctx:s}=t,o=devicePixelRatio,a=-1/0;s.save(),s.font=`${Cr*o}px ${getComputedStyle(document.body).fontFamily}`,s.
textBaseline="bottom",Ut.forEach(([u,h,,f],w)=>{let m=this.data.spread[u];if(m===null)return;let v=t.valToPos(Math.log10(m),"x",!0);s.strokeStyle=n.ink,s.lineWidth=
o,s.setLineDash(f.map(F=>F*o)),s.beginPath(),s.moveTo(v,t.bbox.top-2*o),s.lineTo(v,t.bbox.top+t.bbox.height),s.stroke(),s.fillStyle=n.ink;let T=`${h} ${Ze(m)}`,
P=s.measureText(T).width,C=Math.min(Math.max(v-P/2,t.bbox.left),t.bbox.left+t.bbox.width-P);(C>a||w===0)&&(s.fillText(T,C,t.bbox.top-3*o),a=C+P+6*o)}),s.restore()}};
function zr(i,e,t){for(let n of[[1,2,5],[1,3],[1]]){let s=[];for(let o=Math.floor(i);o<=e;o+=1)for(let a of n){let u=o+Math.log10(a);u>=i-1e-9&&u<=e+1e-9&&s.push(
u)}if(s.length<=t&&s.length>0||n.length===1)return s}return[]}var $t=class{element;body=b("tbody");nothing=b("p",{class:"nothing loopai-quiet"});table;filled="";constructor(e,t,n,s=""){this.nothing.textContent=n;let o=t.map(
(a,u)=>b("th",{scope:"col",class:u===0?"name":null},a));this.table=b("table",{},b("thead",{},b("tr",{},...o)),this.body),this.element=b("section",{class:`bars ${s}`.
trim(),"aria-label":e},b("h4",{},e),this.nothing,this.table)}show(e){let t=JSON.stringify(e);if(t===this.filled)return;this.filled=t,this.nothing.hidden=e.length>
0,this.table.hidden=e.length===0;let n=this.body.contains(document.activeElement)?document.activeElement.dataset.key:void 0;if(this.body.replaceChildren(...e.map(
s=>Cd(s))),n!==void 0)for(let s of this.body.querySelectorAll("[data-key]"))s.dataset.key===n&&s.focus({preventScroll:!0})}};function Cd({key:i,shown:e,note:t,cells:n,
share:s,colour:o,press:a}){let u=b("i",{class:"bar","aria-hidden":"true"});u.style.width=`${Math.max(s>0?1:0,Math.round(s*1e3)/10)}%`,o!==void 0&&(u.style.background=
o);let h=a===null?b("span",{class:"label"},e):_e(e,a,{class:"loopai-link label",title:"Its requests"});a!==null&&(h.dataset.key=i);let f=b("th",{scope:"row",class:"\
name"},b("div",{class:"what"},h,t!==""&&b("span",{class:"loopai-quiet"},t)),u),w=b("tr",{class:a===null?null:"leads"},f,...n.map(m=>b("td",{},m)));return a!==null&&
w.addEventListener("click",m=>{m.target.closest("button")||a()}),w}var Fr="They are looked for among up to 300,000 requests: choose a shorter time, or a run.",Rd=3e3,Kn=class{constructor(e,t){this.kernel=e;this.state=t;this.charts=
[new rn("Requests",t,this.palette,"requests"),new rn("Cost, USD",t,this.palette,"cost_usd"),new Gn(t),new Un(t)];let n=[this.models,this.templates,this.runs,this.
errors,this.slowest,this.dearest];this.element.append(this.said,this.empty,this.tiles,b("div",{class:"charts"},...this.charts.map(s=>s.element)),b("div",{class:"\
tables"},...n.map(s=>s.element)))}kernel;state;ready=!0;element=b("div",{class:"overview"});shows=()=>{};tiles=b("dl",{class:"tiles"});empty=b("div",{class:"emp\
ty",hidden:!0});said=b("p",{class:"said loopai-bad",role:"alert"});palette=new Vn;charts;errors=new $t("Errors",["what went wrong","failed","tried again"],"No e\
rrors in this time.","bad");models=new $t("Models",["model","requests","cost, USD","p95"],"Nothing in this time.");templates=new $t("Templates",["template","req\
uests","cost, USD","p95"],"Nothing in this time.");runs=new $t("Runs",["run","requests","cost, USD","p95"],"Nothing in this time.");slowest=new $t("Slowest requ\
ests",["prompt","latency"],Fr,"single");dearest=new $t("Dearest requests",["prompt","cost, USD"],Fr,"single");asked=0;topped="";toppedScope=null;shown=null;waiting=0;update(e){
this.look(e)}show(e){if(this.asked+=1,this.said.textContent="",this.element.removeAttribute("aria-busy"),this.shows(e),this.empty.replaceChildren(e.empty,e.example===
""?"":b("pre",{},e.example)),this.empty.hidden=e.empty==="",this.element.classList.toggle("bare",e.empty!==""),this.fillTiles(e.tiles),e.empty!=="")return;for(let n of this.
charts)n.show(e);let t=new Set(e.series.groups.map(({name:n})=>n));this.models.show(e.models.map(n=>({...this.entry(n,n.name===null?null:{model:n.name}),colour:`\
var(--loopai-s${this.palette.place(t.has(n.name)?n.name:null)+1})`}))),this.templates.show(e.templates.map(n=>this.entry(n,n.name===null?null:{template:n.name}))),
this.runs.show(e.runs.map(n=>this.entry(n,n.name===null?null:{run:n.name}))),this.errors.show(e.errors.map(n=>{let s=this.state.hasLog&&n.name!==null?()=>this.state.
showRequests({error_kind:n.name}):null;return{...n,key:n.name??"",press:s}})),this.shown=e,this.later(e)}later({tiles:e}){let t=JSON.stringify([this.state.scope,
e[0]?.value]);if(t===this.topped||this.waiting!==0)return;let n=this.toppedScope===this.state.scope;this.waiting=window.setTimeout(()=>{this.fetchTops(t)},n?Rd:
0)}async fetchTops(e){let{scope:t}=this.state;this.topped=e,this.toppedScope=t;try{let{slowest:n,dearest:s}=await this.kernel.ask("tops",{scope:t});if(t!==this.
state.scope)return;this.slowest.show(n.map(o=>this.one(o))),this.dearest.show(s.map(o=>this.one(o)))}catch(n){if(!(n instanceof We))throw n}finally{this.waiting=
0,t!==this.state.scope&&this.shown!==null&&this.later(this.shown)}}close(){window.clearTimeout(this.waiting);for(let e of this.charts)e.close()}async look(e){this.
asked+=1;let t=this.asked;this.element.setAttribute("aria-busy","true");try{let n=await this.kernel.ask("overview",{scope:e});t===this.asked&&this.show(n)}catch(n){
if(!(n instanceof We))throw n;if(t!==this.asked)return;this.element.removeAttribute("aria-busy"),this.said.textContent=n.message}}entry(e,t){return{...e,key:e.name??
"",press:t===null?null:()=>this.state.showRequests({},t)}}one({run_id:e,request_no:t,shown:n,note:s,value:o,share:a}){let u=this.state.hasLog?()=>this.state.showRequests(
{request:{run_id:e,request_no:t}}):null;return{key:`${e} ${t}`,shown:n,note:s,cells:[o],share:a,press:u}}fillTiles(e){for(;this.tiles.childElementCount<e.length;){
let t=b("span",{class:"change"},b("span",{class:"mark","aria-hidden":"true"}),b("span",{class:"loopai-hidden"}));this.tiles.append(b("div",{},b("dt"),b("dd",{},
b("div",{class:"value"}),b("div",{class:"note"},t,b("span",{class:"more"})))))}e.forEach((t,n)=>{let s=this.tiles.children[n];an(s.querySelector("dt"),t.name),s.
querySelector("dt").title=t.name,an(s.querySelector(".value"),t.value),an(s.querySelector(".mark"),t.change),an(s.querySelector(".loopai-hidden"),t.said),an(s.querySelector(
".more"),t.note);let o=s.querySelector(".change");o.title=t.said,o.dataset.good=String(t.good??"")})}};function an(i,e){i.textContent!==e&&(i.textContent=e)}var Hd=".jp-NotebookPanel",tl="jp-RenderedHTMLCommon";async function Wr(i,e,t){let n=`loopai-home-${Math.random().toString(36).slice(2,10)}`;await e.ask("house",
{name:n});let s=await Nd(n,i);if(s===null){await e.ask("homeless");return}let o=s.closest(`.${tl}`),a=[...s.children],u=()=>{i.remove(),o?.classList.add(tl);for(let f of a)
f.hidden=!1};o?.classList.remove(tl);for(let f of a)f.hidden=!0;let h=document.activeElement;s.append(i),h instanceof HTMLElement&&i.contains(h)&&h.focus({preventScroll:!0}),
t(u),await e.ask("housed")}async function Nd(i,e){for(let t=0;t<40;t+=1){let s=(e.closest(Hd)??document).querySelector(`.${i}`);if(s!==null)return s;await new Promise(
o=>window.setTimeout(o,75))}return null}var $d=12e4,qd=1500,zd={overview:"Overview",requests:"Requests",happenings:"Happenings"},il=class{kernel;root=b("section",{class:"loopai-panel loopai-dashboard",
"aria-label":"Dashboard"});view=Math.random().toString(36).slice(2,10);heard=b("div",{class:"loopai-hidden",role:"status"});live=b("span",{class:"live loopai-qu\
iet"},b("i",{"aria-hidden":"true"}),"live");tabs=b("div",{class:"tabs",role:"tablist","aria-label":"Dashboard"});buttons=new Map;panes=new Map;sight=new IntersectionObserver(
e=>this.seen(e.at(-1)?.isIntersecting??!1));turned=()=>this.watch();state=null;filters=null;inSight=!1;watched="";missed=!1;marks=null;renewing=0;quiet=0;leave=null;constructor({
model:e,el:t}){this.kernel=new _n(e),this.root.append(b("p",{class:"empty"},"Looking at the ledger …")),t.append(this.root),this.kernel.hear("moved",n=>this.moved(
n)),this.kernel.hear("closed",()=>this.close()),document.addEventListener("visibilitychange",this.turned),Mn(this.root,{b:()=>this.state?.back()}),this.open()}get housed(){
return this.leave!==null}close(){this.leave?.(),this.leave=null,this.sight.disconnect(),document.removeEventListener("visibilitychange",this.turned),window.clearInterval(
this.renewing),window.clearTimeout(this.quiet),this.watched!==""&&this.kernel.ask("leave",{view:this.view}).catch(()=>{});for(let e of this.panes.values())e.close();
this.kernel.close()}async open(){let e;try{e=await this.kernel.ask("open")}catch(o){if(!(o instanceof We))throw o;this.root.replaceChildren(b("p",{class:"empty \
loopai-bad",role:"alert"},o.message));return}let t=new yn(e.scope),n=new Kn(this.kernel,t);this.state=t,this.filters=new Sn(t),n.shows=o=>this.offer(o);let s=Ql(
this.kernel,t);this.panes.set("overview",n).set("requests",s).set("happenings",Gl(this.kernel,t)),s.ready&&t.jumpsBy(o=>s.want?.(o)),this.frame(e),t.listen(o=>this.
changed(o)),n.show(e.overview),this.show("overview"),this.renewing=window.setInterval(()=>{this.watched="",this.watch()},$d),this.sight.observe(this.root),await Wr(
this.root,this.kernel,o=>{this.leave=o})}frame({ledger:e}){let t=[...this.panes].filter(([,n])=>n.ready);for(let[n,s]of t){let o=_e(zd[n]??n,()=>this.state.open(
n),{class:"loopai-tab"});o.setAttribute("role","tab"),o.id=`loopai-${this.view}-${n}`,this.buttons.set(n,o),s.element.setAttribute("role","tabpanel"),s.element.
setAttribute("aria-labelledby",o.id),this.tabs.append(o)}this.tabs.hidden=t.length<2,this.tabs.addEventListener("keydown",n=>this.arrow(n)),this.live.hidden=!0,
this.root.replaceChildren(b("div",{class:"head"},b("h3",{},"Dashboard"),b("span",{class:"where loopai-quiet"},e),this.live,this.tabs),this.filters.element,...t.
map(([,n])=>n.element),this.heard)}arrow(e){let t={ArrowRight:1,ArrowLeft:-1}[e.key];if(t===void 0)return;let n=[...this.buttons.keys()],s=n[(n.indexOf(this.state.
tab)+t+n.length)%n.length];this.state.open(s),this.buttons.get(s).focus(),e.preventDefault()}show(e){for(let[t,n]of this.buttons)n.setAttribute("aria-selected",
String(t===e)),n.tabIndex=t===e?0:-1,this.panes.get(t).element.hidden=t!==e}changed(e){this.filters.update(e),this.show(this.state.tab),this.pane.update(e),this.
watch()}get pane(){return this.panes.get(this.state.tab)}offer(e){this.marks=e.marks,this.filters.offer(e.choices),this.filters.element.hidden=e.example!==""}seen(e){
this.inSight=e,this.watch()}watch(){if(this.state===null)return;let e=this.inSight&&document.visibilityState==="visible",t=e?JSON.stringify([this.state.scope,this.
state.tab]):"";if(t===this.watched)return;let n=this.watched===""&&this.missed;this.watched=t,this.missed||=!e;let s={view:this.view,scope:this.state.scope,tab:this.
state.tab,marks:this.marks};this.kernel.ask(e?"watch":"leave",s).catch(()=>{}),n&&(this.missed=!1,this.pane.update(this.state.scope))}moved({view:e,overview:t}){
e!==this.view||this.state===null||this.watched===""||(t===null?this.pane.moved?.():this.state.tab==="overview"&&this.pane.show(t),this.live.hidden&&(this.heard.
textContent="The figures change while runs go on."),this.live.hidden=!1,window.clearTimeout(this.quiet),this.quiet=window.setTimeout(()=>{this.live.hidden=!0,this.
heard.textContent=""},qd))}},eh=()=>{let i=new Set,e=null;return{initialize({model:t}){return e=t,Bl({model:t}),()=>{for(let n of i)n.close();i.clear()}},render({
el:t,model:n}){let s=new il({el:t,model:e??n});return i.add(s),()=>{s.housed||(i.delete(s),s.close())}}}};export{eh as default};
