function b(i,e={},...t){let n=document.createElement(i);for(let[s,o]of Object.entries(e))o===!1||o===null||o===void 0||n.setAttribute(s,o===!0?"":String(o));return n.
append(...t.filter(s=>!!s||s==="")),n}var ya={"":"span",odd:"span",cut:"del",new:"ins",hit:"mark"},xa={odd:"invisible character",cut:"",new:"",hit:""};function yn(i){
let e=document.createDocumentFragment();for(let[t,n]of i){if(t===""){e.append(n);continue}let s=xa[t];e.append(b(ya[t],{class:`loopai-${t}`,title:s||null},n))}return e}
function _e(i,e,t={}){let n=b("button",{type:"button",class:`loopai-button ${t.class??""}`.trim(),title:t.title??null,"aria-keyshortcuts":t.key??null},i,t.key!==
void 0&&b("kbd",{"aria-hidden":"true"},t.key));return n.addEventListener("click",e),n}var Rl=["1h","24h","7d","30d","all"],kn=["run","server","model","template"];var xn=class{now;before=[];told=new Set;jump=null;tab="overview";constructor(e){this.now=Object.freeze({...e})}get scope(){return this.now}get canGoBack(){return this.
before.length>0}get hasLog(){return this.jump!==null}change(e){let t={...this.now,...e};Object.keys(t).every(n=>t[n]===this.now[n])||(this.remember(),this.set(t))}range(e,t){
this.change({last:null,since_ms:Math.floor(e),until_ms:Math.ceil(t)})}last(e){this.change({last:e,since_ms:null,until_ms:null})}open(e){e!==this.tab&&(this.tab=
e,this.set(this.now))}back(){let e=this.before.pop();e!==void 0&&(this.tab=e.tab,this.set(e.scope))}showRequests(e,t={}){if(this.jump===null){this.change(t);return}
this.remember(),this.tab="requests",this.jump(e),this.set({...this.now,...t})}listen(e){return this.told.add(e),()=>this.told.delete(e)}jumpsBy(e){this.jump=e}remember(){
this.before.push({scope:this.now,tab:this.tab}),this.before.length>50&&this.before.shift()}set(e){this.now=Object.freeze({...e});for(let t of this.told)t(this.now)}};var $l=["Jan","Feb","Mar","Apr","May","Jun","Jul","Aug","Sep","Oct","Nov","Dec"];function Sn(i){let e=Math.abs(i);if(e<1e4)return Rt(i);for(let[t,n]of[[1e9,"G"],
[1e6,"M"],[1e3,"k"]])if(e>=t)return`${Wl(i/t)}${n}`;return Rt(i)}function Rt(i){return Math.round(i).toLocaleString("en")}function Nl(i){if(i===0)return"0";if(i>=
1)return i.toLocaleString("en",{minimumFractionDigits:2,maximumFractionDigits:2});let e=Math.min(12,Math.max(2,1-Math.floor(Math.log10(i)))),t=i.toFixed(e).replace(
/0+$/,"");return/\.\d\d/.test(t)?t:i.toFixed(2)}function ql(i){return i>=1e3?Sn(i):Wl(i,12)}function si(i,e){if(e-i>=864e5){let o=bs(i);return e-i>864e5?`${o} –\
 ${bs(e-1)}`:o}let t=ni(new Date(i)),n=new Date(e),s=ni(n)===t||Pt(n)==="00:00"?Pt(n):`${ni(n)} ${Pt(n)}`;return`${t} ${Pt(new Date(i))} – ${s}`}function zl(i,e){
return e===null?`since ${Ji(i)}`:`${Ji(i)} – ${ni(new Date(i))===ni(new Date(e))?Pt(new Date(e)):Ji(e)}`}function Ji(i){return`${ni(new Date(i))} ${Pt(new Date(
i))}`}function Fl(i,e){let t="",n=i.every(s=>s*1e3%864e5===0)?!1:e<864e5;return i.map(s=>{let o=new Date(s*1e3),a=n?ni(o):bs(s*1e3),u=n?a===t?Pt(o):Pt(o)==="00:\
00"?a:t===""?Pt(o):`${Pt(o)}
${a}`:a;return t=a,u})}function Wl(i,e=1){return String(Number(i.toPrecision(3)).toFixed(Math.min(e,12))).replace(/\.?0+$/,"")}function Hl(i){return String(i).padStart(2,"0")}function Pt(i){
return`${Hl(i.getHours())}:${Hl(i.getMinutes())}`}function ni(i){return`${i.getDate()} ${$l[i.getMonth()]}${Vl(i.getFullYear())}`}function bs(i){let e=new Date(
i);return`${e.getUTCDate()} ${$l[e.getUTCMonth()]}${Vl(e.getUTCFullYear())}`}function Vl(i){return i===new Date().getFullYear()?"":` ${i}`}var ka={"1h":"1 h","24h":"24 h","7d":"7 d","30d":"30 d",all:"All"},Il={"1h":"The last hour","24h":"The last 24 hours","7d":"The last 7 days","30d":"The last 30 \
days",all:"All that the ledger has"},Bl={run:"All runs",server:"All servers",model:"All models",template:"All templates"},_n=class{constructor(e){this.state=e;let t=b(
"div",{class:"periods",role:"group","aria-label":"Period"});for(let n of Rl){let s=_e(ka[n],()=>e.last(n),{title:Il[n]});s.setAttribute("aria-label",Il[n]),this.
presets.set(n,s),t.append(s)}this.range=_e("",()=>e.back(),{title:"Back to the period before"}),this.range.setAttribute("aria-pressed","true"),t.append(this.range),
this.element.append(t);for(let n of kn){let s=b("select",{"aria-label":Bl[n].replace("All ","Which "),class:n});s.addEventListener("change",()=>e.change({[n]:s.
value===""?null:this.choices[n][Number(s.value)].name})),this.selects.set(n,s),this.element.append(s)}this.clear=_e("Clear",()=>e.change({run:null,server:null,model:null,
template:null}),{class:"loopai-plain",title:"Without any filter"}),this.back=_e("Back",()=>e.back(),{class:"loopai-plain",key:"b"}),this.element.append(this.clear,
this.back),this.update(e.scope)}state;element=b("div",{class:"filters",role:"group","aria-label":"Period and filters"});presets=new Map;selects=new Map;range;clear;back;choices={
run:[],server:[],model:[],template:[]};offered="";offer(e){let t=JSON.stringify(e);t!==this.offered&&(this.offered=t,this.choices=e,this.update(this.state.scope))}update(e){
for(let[t,n]of this.presets)n.setAttribute("aria-pressed",String(e.last===t));this.range.hidden=e.last!==null||e.since_ms===null,e.since_ms!==null&&(this.range.
textContent=zl(e.since_ms,e.until_ms));for(let t of kn)this.fill(t,e[t]);this.clear.hidden=kn.every(t=>e[t]===null),this.back.hidden=!this.state.canGoBack}fill(e,t){
let n=this.selects.get(e),s=this.choices[e];t!==null&&!s.some(({name:u})=>u===t)&&(s=[...s,{name:t,shown:t}],this.choices={...this.choices,[e]:s});let o=s.findIndex(
({name:u})=>u===t),a=JSON.stringify(s);n.dataset.filled!==a&&(n.dataset.filled=a,n.replaceChildren(b("option",{value:""},Bl[e]),...s.map(({shown:u},h)=>b("optio\
n",{value:h},u)))),n.value=o<0?"":String(o),n.classList.toggle("chosen",o>=0),n.hidden=s.length<2&&o<0}};var We=class extends Error{},Zi=class{constructor(e){this.model=e;e.on("msg:custom",this.receive)}model;waiting=new Map;heard=new Map;unheard=new Map;name=Math.
random().toString(36).slice(2,10);asked=0;ask(e,t={}){let n=`${this.name}-${this.asked+=1}`;return new Promise((s,o)=>{this.waiting.set(n,{resolve:s,reject:o});
let a=()=>this.model.send({...t,id:n,kind:e});e==="open"?ws(a,()=>!this.waiting.has(n)):a()})}hear(e,t){this.heard.set(e,t),this.unheard.has(e)&&(t(this.unheard.
get(e)),this.unheard.delete(e))}close(){this.model.off("msg:custom",this.receive),this.waiting.clear()}receive=e=>{let t=e;if(t.push!==void 0){let s=this.heard.
get(t.push);s===void 0?this.unheard.set(t.push,t.data):s(t.data);return}let n=t.id===void 0?void 0:this.waiting.get(t.id);t.id===void 0||n===void 0||(this.waiting.
delete(t.id),t.error===void 0?n.resolve(t.ok):n.reject(new We(t.error)))}};function vs({model:i}){let e=!1,t=n=>{e||=n.push==="met",e&&i.off("msg:custom",t)};i.
on("msg:custom",t),ws(()=>i.send({kind:"hello"}),()=>e)}var Sa=400,_a=5e3,Ta=25;function ws(i,e,t=Ta,n=Sa){i();let s=Math.min(1.5*n,_a);t>1&&window.setTimeout(()=>e()||
ws(i,e,t-1,s),n)}var ys=class{constructor(e,t){this.kernel=e;this.state=t;this.element.append(this.said,this.parts)}kernel;state;ready=!0;element=b("div",{class:"happenings"});said=b(
"p",{class:"said loopai-bad",role:"alert"});parts=b("div",{class:"parts"});asked=0;shown="";update(e){this.look(e)}moved(){this.look(this.state.scope)}close(){this.
asked+=1}async look(e){this.asked+=1;let t=this.asked;try{let n=await this.kernel.ask("happenings.look",{scope:e});t===this.asked&&this.show(n)}catch(n){if(!(n instanceof
We))throw n;t===this.asked&&(this.said.textContent=n.message)}}show(e){this.said.textContent="";let t=JSON.stringify(e);t!==this.shown&&(this.shown=t,this.parts.
replaceChildren(...e.map(Ma)))}};function Ma(i){let e=b("h4",{},i.title,i.said!==""&&b("span",{class:"loopai-quiet"},` · ${i.said}`));if(i.none!=="")return b("\
section",{},e,b("p",{class:"loopai-quiet"},i.none));let t=b("tr",{},...i.header.map(o=>b("th",{scope:"col"},o))),n=i.lines.map(({cells:o,mark:a})=>b("tr",{"data\
-mark":a||null},...o.map(u=>b("td",{},u)))),s=b("table",{"aria-label":i.title},b("thead",{},t),b("tbody",{},...n));return b("section",{},e,b("div",{class:"wide",
tabindex:0,role:"group","aria-label":i.title},s),i.more!==""&&b("p",{class:"loopai-quiet"},i.more))}var Gl=(i,e)=>new ys(i,e);function Ea(i){return i.altKey?"":i.ctrlKey||i.metaKey?i.key==="Enter"?"Ctrl+Enter":"":i.key}var La=new Set(["INPUT","TEXTAREA","SELECT"]);function Tn(i,e,t={}){
i.tabIndex=0,i.setAttribute("data-lm-suppress-shortcuts","true"),i.addEventListener("focusin",n=>{n.target.setAttribute("data-lm-suppress-shortcuts","true")}),i.
addEventListener("keydown",n=>{n.stopPropagation();let s=n.target,o=Ea(n),a=La.has(s.tagName);if(s.tagName==="TEXTAREA"&&o==="Enter"||!a&&s.tagName==="BUTTON"&&
(o==="Enter"||o===" "))return;let u=(a?t:e)[o];u===void 0||o===""||(n.preventDefault(),u())})}function Pa(i,e,t,n,s=8){let o=Math.max(0,Math.floor(i/t)-s),a=Math.min(n,Math.ceil((i+e)/t)+s);return[Math.min(o,n),Math.max(a,Math.min(o,n))]}var Ul=8e6,Mn=class{constructor(e,t,n,s=64){
this.rowHeight=t;this.source=n;this.page=s;this.canvas=b("div",{class:"loopai-rows-canvas"}),this.element=b("div",{class:"loopai-rows",role:"listbox","aria-labe\
l":e,tabindex:0},this.canvas),this.element.addEventListener("scroll",()=>this.soon()),this.element.addEventListener("click",o=>{let a=o.target.closest("[data-in\
dex]");a!==null&&this.source.choose(Number(a.dataset.index))}),new ResizeObserver(()=>this.soon()).observe(this.element),new IntersectionObserver(()=>this.soon()).
observe(this.element)}rowHeight;source;page;element;canvas;kept=new Map;asked=new Set;count=0;selected=0;epoch=0;frame=0;reset(e){this.epoch+=1,this.count=e,this.
kept.clear(),this.asked.clear(),this.canvas.style.height=`${Math.min(e*this.rowHeight,Ul)}px`,this.soon()}refresh(){this.epoch+=1,this.kept.clear(),this.asked.clear(),
this.soon()}renew(e){this.asked.delete(Math.floor(e/this.page)),this.soon()}select(e){this.selected=e;let t=this.scale(),n=this.element,[s,o]=[e*this.rowHeight,
n.scrollTop/t];s<o?n.scrollTop=s*t:s+this.rowHeight>o+n.clientHeight&&(n.scrollTop=(s+this.rowHeight-n.clientHeight)*t),this.soon()}scale(){return Math.min(1,Ul/
Math.max(1,this.count*this.rowHeight))}soon(){this.frame===0&&(this.frame=requestAnimationFrame(()=>{this.frame=0,this.paint()}))}paint(){let e=this.scale(),t=this.
element.scrollTop;if(this.element.clientHeight===0)return;let[n,s]=Pa(t/e,this.element.clientHeight,this.rowHeight,this.count);this.want(n,s);let o=[];for(let a=n;a<
s;a+=1){let u=this.kept.get(a),h=a===this.selected,f=b("div",{class:"loopai-row",role:"option",id:`${this.id}-${a}`,"aria-posinset":a+1,"aria-setsize":this.count,
"aria-selected":h?"true":"false","data-index":a});f.style.top=`${t+a*this.rowHeight-t/e}px`,f.style.height=`${this.rowHeight}px`,u!==void 0&&this.source.draw(u,
f,h),o.push(f)}this.canvas.replaceChildren(...o),this.element.setAttribute("aria-activedescendant",`${this.id}-${this.selected}`)}id=`loopai-${Math.random().toString(
36).slice(2,10)}`;want(e,t){for(let n=Math.floor(e/this.page);n*this.page<t;n+=1){if(this.asked.has(n))continue;this.asked.add(n);let s=this.epoch,o=n*this.page;
this.source.window(o,Math.min(this.page,this.count-o)).then(a=>{s===this.epoch&&(a.forEach((u,h)=>this.kept.set(o+h,u)),this.soon())},()=>this.asked.delete(n))}}};function Qi(i){return`${Ji(i)}:${String(new Date(i).getSeconds()).padStart(2,"0")}`}var En=class{constructor(e,t,n){this.kernel=e;this.state=t;this.closed=n}kernel;state;closed;element=b("aside",{class:"request","aria-label":"One request",hidden:!0});heard=b(
"span",{class:"loopai-quiet",role:"status"});ref=null;asked=0;get open(){return this.ref!==null}async show(e,t){let n=this.asked+=1;this.ref=e;let s;try{s=await this.
kernel.ask("log.one",{request:e,hit:t})}catch(o){if(!(o instanceof We))throw o;n===this.asked&&this.fill(b("p",{class:"loopai-bad",role:"alert"},o.message));return}
n===this.asked&&this.draw(s)}hide(){this.asked+=1,this.ref=null,this.element.hidden=!0,this.element.replaceChildren(),this.closed()}async copy(){if(this.ref===null)
return;let e;try{e=await this.kernel.ask("log.curl",{request:this.ref})}catch(t){if(!(t instanceof We))throw t;this.heard.textContent=t.message;return}try{await navigator.
clipboard.writeText(e),this.heard.textContent="Copied; the key comes from $LOOPAI_API_KEY."}catch{let t=b("textarea",{class:"curl",readonly:!0,rows:6,"aria-labe\
l":"curl command"});t.value=e,this.element.querySelector(".curl")?.remove(),this.element.querySelector(".about").after(t),t.select(),this.heard.textContent="Cop\
y it from here: this page may not use the clipboard."}}fill(...e){let t=_e("Close",()=>this.hide(),{class:"loopai-plain",key:"Esc"});this.element.hidden=!1,this.
element.replaceChildren(t,...e.filter(n=>n!==!1))}draw(e){this.heard.textContent="";let{run_id:t}=e,n=b("div",{class:"about"},b("h4",{},e.title),_e("Copy as cur\
l",()=>{this.copy()},{key:"c"}),this.state.scope.run!==t&&_e("Only this run",()=>this.state.change({run:t}),{class:"loopai-plain"}),this.heard),{attempts:s,reviews:o,
system:a,answer:u}=e;this.fill(n,Kl(e.facts),a!==null&&xs("System prompt",a),xs("Prompt",e.prompt),u===null?Ai("Answer",b("p",{class:"loopai-quiet"},e.no_answer)):
xs("Answer",u),s.length>0&&Ai("Attempts",b("ol",{class:"attempts"},...s.map(Aa))),o.length>0&&Ai("Reviews",b("ul",{class:"reviews"},...o.map(Oa))),Ai("Rows",b("\
p",{},e.rows.join(", "))),Ai("Sent as",Kl(e.headers))),this.element.scrollTop=0}};function Ai(i,...e){return b("section",{"aria-label":i},b("h5",{},i),...e)}function xs(i,e){
return Ai(i,b("pre",{tabindex:0,"aria-label":i},yn(e)))}function Kl(i){return b("dl",{class:"facts"},...i.flatMap(([e,t])=>[b("dt",{},e),b("dd",{},t)]))}function Aa(i){
let e=[Qi(i.at_ms),i.waited,i.latency===""?"":`took ${i.latency}`,i.status,i.tokens,i.cost];return b("li",{value:i.number},b("span",{class:i.good?"good":"loopai\
-bad"},i.outcome),b("span",{class:"loopai-quiet"},` · ${e.filter(Boolean).join(" · ")}`),i.error!==""&&b("div",{},i.error),i.text!==null&&b("pre",{tabindex:0,
"aria-label":`What attempt ${i.number} answered`},yn(i.text)))}function Oa(i){let e=[`by ${i.by}`,Qi(i.at_ms),i.where].filter(Boolean).join(" · ");return b("li",
{},b("strong",{},i.state),b("span",{class:"loopai-quiet"},` ${e}`),i.note!==""&&b("div",{},i.note),i.text!==null&&b("pre",{tabindex:0,"aria-label":"The answer a\
s it should be"},yn(i.text)))}var jl=29,Da=64,Ca=350,Yl=1e12,Ra=["answered","failed","cached","retried","unknown"],Ha={accepted:"accepted",edited:"edited",rejected:"rejected",skipped:"skippe\
d",none:"not reviewed"},Jl=[["at","Ended","at"],[null,"Status","status"],[null,"Prompt","text"],[null,"Answer","text"],["latency","Latency","number"],["tokens",
"Tokens","number"],["cost","USD","number"]],Ss=class{constructor(e,t){this.kernel=e;this.state=t;this.list=new Mn("Requests",jl,{window:(n,s)=>this.window(n,s),
draw:(n,s)=>this.draw(n,s),choose:n=>{this.open(n)}},Da),this.one=new En(e,t,()=>{this.element.classList.remove("opened"),this.list.element.focus({preventScroll:!0})}),
this.layOut(),Tn(this.element,this.keys(),{Escape:()=>this.list.element.focus(),Enter:()=>this.filter()})}kernel;state;element=b("div",{class:"log"});ready=!0;list;one;search=b(
"input",{type:"search",placeholder:"search prompts and answers","aria-label":"Search prompts and answers"});status=ks("Status",{"":"any status",...Object.fromEntries(
Ra.map(e=>[e,e]))});kind=ks("Kind of error",{"":"any error"});review=ks("Review",{"":"any review",...Ha});slow=b("input",{type:"number",min:0,step:"any",placeholder:"\
slower, s","aria-label":"Slower than, seconds",class:"least"});dear=b("input",{type:"number",min:0,step:"any",placeholder:"dearer, USD","aria-label":"Dearer tha\
n, USD",class:"least"});clear=_e("Clear",()=>this.want({},!0),{class:"loopai-plain",title:"Without these filters"});count=b("span",{class:"count",role:"status"});news=_e(
"Show what is new",()=>{this.refresh()},{key:"n"});said=b("p",{class:"said loopai-bad",role:"alert"});nothing=b("p",{class:"nothing loopai-quiet"},"No request i\
s like that in this time.");sorts=new Map;wanted={};look="";shown="";head=[];known=new Set;fresh=new Set;total=0;at=0;asking=0;busy=!1;typing=0;update(e){JSON.stringify(
[e,this.wanted])===this.shown?this.refresh():this.ask()}want(e,t=!1){let{request:n,...s}=e;this.wanted=s,this.fill(),t&&this.ask(),n!==void 0?this.openOne(n):this.
one.hide()}moved(){this.grows&&this.list.element.scrollTop===0&&!this.busy?this.refresh():this.busy||(this.news.hidden=!1)}close(){window.clearTimeout(this.typing)}layOut(){
let e=b("div",{class:"wanted",role:"search","aria-label":"Which requests"},this.search,this.status,this.kind,this.review,this.slow,this.dear,this.clear,this.count,
this.news),t=b("div",{class:"columns"});for(let[s,o,a]of Jl)if(s===null)t.append(b("span",{class:a},o));else{let u=_e(o,()=>this.sort(s),{class:`loopai-plain ${a}`});
this.sorts.set(s,u),t.append(u)}this.search.addEventListener("input",()=>{window.clearTimeout(this.typing),this.typing=window.setTimeout(()=>this.filter(),Ca)});
for(let s of[this.status,this.kind,this.review,this.slow,this.dear])s.addEventListener("change",()=>this.filter());this.news.hidden=!0,this.nothing.hidden=!0;let n=b(
"div",{class:"table"},t,this.list.element,this.nothing);this.element.append(e,this.said,b("div",{class:"both"},n,this.one.element)),this.fill()}fill(){let{search:e,
status:t,error_kind:n,review:s,min_latency_ms:o,min_cost_pusd:a}=this.wanted;this.search.value=e??"",this.status.value=t??"",Zl(this.kind,n),this.kind.value=n??
"",this.review.value=s??"",this.slow.value=o===void 0?"":String(o/1e3),this.dear.value=a===void 0?"":String(a/Yl),this.tell()}tell(){let{order:e,descending:t,...n}=this.
wanted;this.clear.hidden=Object.keys(n).length===0;for(let s of[this.status,this.kind,this.review])s.classList.toggle("chosen",s.value!=="");for(let[s,o]of this.
sorts){let a=s===(e??"at"),u=t!==!1;o.setAttribute("aria-pressed",String(a)),o.firstChild.textContent=`${Jl.find(([h])=>h===s)[1]}${a?u?" ↓":" ↑":""}`,o.title=
a?`Sorted, the ${u?"greatest":"smallest"} first; press to turn`:"Sort by this"}}draw(e,t){let n=e.status==="answered"&&e.review!==""?e.review:e.status;t.dataset.
status=e.status,t.classList.toggle("fresh",this.fresh.has(e.request_no));let s=e.error===""?"":`: ${e.error}`;t.append(b("span",{class:"at"},Qi(e.at_ms)),b("spa\
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
state.back()}}};function ks(i,e){return b("select",{"aria-label":i},...Object.entries(e).map(([t,n])=>b("option",{value:t},n)))}function Zl(i,e){e===void 0||[...i.
options].some(t=>t.value===e)||i.append(b("option",{value:e},e))}var Ql=(i,e)=>new Ss(i,e);var $a="uplot",Na="u-hz",qa="u-vt",za="u-title",Fa="u-wrap",Wa="u-under",Va="u-over",Ia="u-axis",ri="u-off",Ba="u-select",Ga="u-cursor-x",Ua="u-cursor-y",Ka="u-\
cursor-pt",ja="u-legend",Ya="u-live",Ja="u-inline",Za="u-series",Qa="u-marker",Xl="u-label",Xa="u-value",en="width",tn="height";var eo="bottom",Oi="left",_s="right",Ws="#000",to=Ws+"0",Ts="mousemove",io="mousedown",Ms="mouseup",no="mouseenter",so="mouseleave",lo="dblclick",ed="resize",td="\
scroll",oo="change",Dn="dppxchange",Vs="--",qi=typeof window<"u",Os=qi?document:null,Ci=qi?window:null,id=qi?navigator:null,oe,Ln;function Ds(){let i=devicePixelRatio;
oe!=i&&(oe=i,Ln&&Rs(oo,Ln,Ds),Ln=matchMedia(`(min-resolution: ${oe-.001}dppx) and (max-resolution: ${oe+.001}dppx)`),ai(oo,Ln,Ds),Ci.dispatchEvent(new CustomEvent(
Dn)))}function nt(i,e){if(e!=null){let t=i.classList;!t.contains(e)&&t.add(e)}}function Cs(i,e){let t=i.classList;t.contains(e)&&t.remove(e)}function be(i,e,t){
i.style[e]=t+"px"}function wt(i,e,t,n){let s=Os.createElement(i);return e!=null&&nt(s,e),t?.insertBefore(s,n),s}function ht(i,e){return wt("div",i,e)}var ro=new WeakMap;
function At(i,e,t,n,s){let o="translate("+e+"px,"+t+"px)",a=ro.get(i);o!=a&&(i.style.transform=o,ro.set(i,o),e<0||t<0||e>n||t>s?nt(i,ri):Cs(i,ri))}var ao=new WeakMap;
function co(i,e,t){let n=e+t,s=ao.get(i);n!=s&&(ao.set(i,n),i.style.background=e,i.style.borderColor=t)}var uo=new WeakMap;function ho(i,e,t,n){let s=e+""+t,o=uo.
get(i);s!=o&&(uo.set(i,s),i.style.height=t+"px",i.style.width=e+"px",i.style.marginLeft=n?-e/2+"px":0,i.style.marginTop=n?-t/2+"px":0)}var Is={passive:!0},nd={...Is,
capture:!0};function ai(i,e,t,n){e.addEventListener(i,t,n?nd:Is)}function Rs(i,e,t,n){e.removeEventListener(i,t,Is)}qi&&Ds();function yt(i,e,t,n){let s;t=t||0,n=
n||e.length-1;let o=n<=2147483647;for(;n-t>1;)s=o?t+n>>1:st((t+n)/2),e[s]<i?t=s:n=s;return i-e[t]<=e[n]-i?t:n}function Fo(i){return(t,n,s)=>{let o=-1,a=-1;for(let u=n;u<=
s;u++)if(i(t[u])){o=u;break}for(let u=s;u>=n;u--)if(i(t[u])){a=u;break}return[o,a]}}var Wo=i=>i!=null,Vo=i=>i!=null&&i>0,Hn=Fo(Wo),sd=Fo(Vo);function ld(i,e,t,n=0,s=!1){
let o=s?sd:Hn,a=s?Vo:Wo;[e,t]=o(i,e,t);let u=i[e],h=i[e];if(e>-1)if(n==1)u=i[e],h=i[t];else if(n==-1)u=i[t],h=i[e];else for(let f=e;f<=t;f++){let w=i[f];a(w)&&(w<
u?u=w:w>h&&(h=w))}return[u??ue,h??-ue]}function $n(i,e,t,n){let s=mo(i),o=mo(e);i==e&&(s==-1?(i*=t,e/=t):(i/=t,e*=t));let a=t==10?Ht:Io,u=s==1?st:pt,h=o==1?pt:st,
f=u(a(Ae(i))),w=h(a(Ae(e))),m=Ri(t,f),v=Ri(t,w);return t==10&&(f<0&&(m=he(m,-f)),w<0&&(v=he(v,-w))),n||t==2?(i=m*s,e=v*o):(i=Ko(i,m),e=Nn(e,v)),[i,e]}function Bs(i,e,t,n){
let s=$n(i,e,t,n);return i==0&&(s[0]=0),e==0&&(s[1]=0),s}var Gs=.1,po={mode:3,pad:Gs},sn={pad:0,soft:null,mode:0},od={min:sn,max:sn};function Cn(i,e,t,n){return qn(
t)?fo(i,e,t):(sn.pad=t,sn.soft=n?0:null,sn.mode=n?3:0,fo(i,e,od))}function se(i,e){return i??e}function rd(i,e,t){for(e=se(e,0),t=se(t,i.length-1);e<=t;){if(i[e]!=
null)return!0;e++}return!1}function fo(i,e,t){let n=t.min,s=t.max,o=se(n.pad,0),a=se(s.pad,0),u=se(n.hard,-ue),h=se(s.hard,ue),f=se(n.soft,ue),w=se(s.soft,-ue),
m=se(n.mode,0),v=se(s.mode,0),M=e-i,P=Ht(M),C=Ke(Ae(i),Ae(e)),F=Ht(C),V=Ae(F-P);(M<1e-24||V>10)&&(M=0,(i==0||e==0)&&(M=1e-24,m==2&&f!=ue&&(o=0),v==2&&w!=-ue&&(a=
0)));let S=M||C||1e3,z=Ht(S),_=Ri(10,st(z)),Y=S*(M==0?i==0?.1:1:o),D=he(Ko(i-Y,_/10),24),J=i>=f&&(m==1||m==3&&D<=f||m==2&&D>=f)?f:ue,U=Ke(u,D<J&&i>=J?J:xt(J,D)),
X=S*(M==0?e==0?.1:1:a),G=he(Nn(e+X,_/10),24),T=e<=w&&(v==1||v==3&&G>=w||v==2&&G<=w)?w:-ue,j=xt(h,G>T&&e<=T?T:Ke(T,G));return U==j&&U==0&&(j=100),[U,j]}var ad=new Intl.
NumberFormat(qi?id.language:"en-US"),Us=i=>ad.format(i),lt=Math,On=lt.PI,Ae=lt.abs,st=lt.floor,Pe=lt.round,pt=lt.ceil,xt=lt.min,Ke=lt.max,Ri=lt.pow,mo=lt.sign,Ht=lt.
log10,Io=lt.log2,dd=(i,e=1)=>lt.sinh(i)*e,Es=(i,e=1)=>lt.asinh(i/e),ue=1/0;function go(i){return(Ht((i^i>>31)-(i>>31))|0)+1}function Hs(i,e,t){return xt(Ke(i,e),
t)}function Bo(i){return typeof i=="function"}function ee(i){return Bo(i)?i:()=>i}var cd=()=>{},Go=i=>i,Uo=(i,e)=>e,ud=i=>null,bo=i=>!0,vo=(i,e)=>i==e,hd=/\.\d*?(?=9{6,}|0{6,})/gm,
di=i=>{if(Yo(i)||Gt.has(i))return i;let e=`${i}`,t=e.match(hd);if(t==null)return i;let n=t[0].length-1;if(e.indexOf("e-")!=-1){let[s,o]=e.split("e");return+`${di(
s)}e${o}`}return he(i,n)};function li(i,e){return di(he(di(i/e))*e)}function Nn(i,e){return di(pt(di(i/e))*e)}function Ko(i,e){return di(st(di(i/e))*e)}function he(i,e=0){
if(Yo(i))return i;let t=10**e,n=i*t*(1+Number.EPSILON);return Pe(n)/t}var Gt=new Map;function jo(i){return((""+i).split(".")[1]||"").length}function on(i,e,t,n){
let s=[],o=n.map(jo);for(let a=e;a<t;a++){let u=Ae(a),h=he(Ri(i,a),u);for(let f=0;f<n.length;f++){let w=i==10?+`${n[f]}e${a}`:n[f]*h,m=(a>=0?0:u)+(a>=o[f]?0:o[f]),
v=i==10?w:he(w,m);s.push(v),Gt.set(v,m)}}return s}var ln={},Ks=[],Hi=[null,null],Bt=Array.isArray,Yo=Number.isInteger,pd=i=>i===void 0;function wo(i){return typeof i==
"string"}function qn(i){let e=!1;if(i!=null){let t=i.constructor;e=t==null||t==Object}return e}function fd(i){return i!=null&&typeof i=="object"}var md=Object.getPrototypeOf(
Uint8Array),Jo="__proto__";function $i(i,e=qn){let t;if(Bt(i)){let n=i.find(s=>s!=null);if(Bt(n)||e(n)){t=Array(i.length);for(let s=0;s<i.length;s++)t[s]=$i(i[s],
e)}else t=i.slice()}else if(i instanceof md)t=i.slice();else if(e(i)){t={};for(let n in i)n!=Jo&&(t[n]=$i(i[n],e))}else t=i;return t}function Me(i){let e=arguments;
for(let t=1;t<e.length;t++){let n=e[t];for(let s in n)s!=Jo&&(qn(i[s])?Me(i[s],$i(n[s])):i[s]=$i(n[s]))}return i}var gd=0,bd=1,vd=2;function wd(i,e,t){for(let n=0,
s,o=-1;n<e.length;n++){let a=e[n];if(a>o){for(s=a-1;s>=0&&i[s]==null;)i[s--]=null;for(s=a+1;s<t&&i[s]==null;)i[o=s++]=null}}}function yd(i,e){if(Sd(i)){let a=i[0].
slice();for(let u=1;u<i.length;u++)a.push(...i[u].slice(1));return _d(a[0])||(a=kd(a)),a}let t=new Set;for(let a=0;a<i.length;a++){let h=i[a][0],f=h.length;for(let w=0;w<
f;w++)t.add(h[w])}let n=[Array.from(t).sort((a,u)=>a-u)],s=n[0].length,o=new Map;for(let a=0;a<s;a++)o.set(n[0][a],a);for(let a=0;a<i.length;a++){let u=i[a],h=u[0];
for(let f=1;f<u.length;f++){let w=u[f],m=Array(s).fill(void 0),v=e?e[a][f]:bd,M=[];for(let P=0;P<w.length;P++){let C=w[P],F=o.get(h[P]);C===null?v!=gd&&(m[F]=C,
v==vd&&M.push(F)):m[F]=C}wd(m,M,s),n.push(m)}}return n}var xd=typeof queueMicrotask>"u"?i=>Promise.resolve().then(i):queueMicrotask;function kd(i){let e=i[0],t=e.
length,n=Array(t);for(let o=0;o<n.length;o++)n[o]=o;n.sort((o,a)=>e[o]-e[a]);let s=[];for(let o=0;o<i.length;o++){let a=i[o],u=Array(t);for(let h=0;h<t;h++)u[h]=
a[n[h]];s.push(u)}return s}function Sd(i){let e=i[0][0],t=e.length;for(let n=1;n<i.length;n++){let s=i[n][0];if(s.length!=t)return!1;if(s!=e){for(let o=0;o<t;o++)
if(s[o]!=e[o])return!1}}return!0}function _d(i,e=100){let t=i.length;if(t<=1)return!0;let n=0,s=t-1;for(;n<=s&&i[n]==null;)n++;for(;s>=n&&i[s]==null;)s--;if(s<=
n)return!0;let o=Ke(1,st((s-n+1)/e));for(let a=i[n],u=n+o;u<=s;u+=o){let h=i[u];if(h!=null){if(h<=a)return!1;a=h}}return!0}var Zo=["January","February","March",
"April","May","June","July","August","September","October","November","December"],Qo=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function Xo(i){
return i.slice(0,3)}var Td=Qo.map(Xo),Md=Zo.map(Xo),Ed={MMMM:Zo,MMM:Md,WWWW:Qo,WWW:Td};function Xi(i){return(i<10?"0":"")+i}function Ld(i){return(i<10?"00":i<100?
"0":"")+i}var Pd={YYYY:i=>i.getFullYear(),YY:i=>(i.getFullYear()+"").slice(2),MMMM:(i,e)=>e.MMMM[i.getMonth()],MMM:(i,e)=>e.MMM[i.getMonth()],MM:i=>Xi(i.getMonth()+
1),M:i=>i.getMonth()+1,DD:i=>Xi(i.getDate()),D:i=>i.getDate(),WWWW:(i,e)=>e.WWWW[i.getDay()],WWW:(i,e)=>e.WWW[i.getDay()],HH:i=>Xi(i.getHours()),H:i=>i.getHours(),
h:i=>{let e=i.getHours();return e==0?12:e>12?e-12:e},AA:i=>i.getHours()>=12?"PM":"AM",aa:i=>i.getHours()>=12?"pm":"am",a:i=>i.getHours()>=12?"p":"a",mm:i=>Xi(i.
getMinutes()),m:i=>i.getMinutes(),ss:i=>Xi(i.getSeconds()),s:i=>i.getSeconds(),fff:i=>Ld(i.getMilliseconds())};function js(i,e){e=e||Ed;let t=[],n=/\{([a-z]+)\}|[^{]+/gi,
s;for(;s=n.exec(i);)t.push(s[0][0]=="{"?Pd[s[1]]:s[0]);return o=>{let a="";for(let u=0;u<t.length;u++)a+=typeof t[u]=="string"?t[u]:t[u](o,e);return a}}var Ad=new Intl.
DateTimeFormat().resolvedOptions().timeZone;function Od(i,e){let t;return e=="UTC"||e=="Etc/UTC"?t=new Date(+i+i.getTimezoneOffset()*6e4):e==Ad?t=i:(t=new Date(
i.toLocaleString("en-US",{timeZone:e})),t.setMilliseconds(i.getMilliseconds())),t}var er=i=>i%1==0,Rn=[1,2,2.5,5],Dd=on(10,-32,0,Rn),tr=on(10,0,32,Rn),Cd=tr.filter(
er),oi=Dd.concat(tr),Ys=`
`,ir="{YYYY}",yo=Ys+ir,nr="{M}/{D}",nn=Ys+nr,Pn=nn+"/{YY}",sr="{aa}",Rd="{h}:{mm}",Di=Rd+sr,xo=Ys+Di,ko=":{ss}",ae=null;function lr(i){let e=i*1e3,t=e*60,n=t*60,
s=n*24,o=s*30,a=s*365,h=(i==1?on(10,0,3,Rn).filter(er):on(10,-3,0,Rn)).concat([e,e*5,e*10,e*15,e*30,t,t*5,t*10,t*15,t*30,n,n*2,n*3,n*4,n*6,n*8,n*12,s,s*2,s*3,s*
4,s*5,s*6,s*7,s*8,s*9,s*10,s*15,o,o*2,o*3,o*4,o*6,a,a*2,a*5,a*10,a*25,a*50,a*100]),f=[[a,ir,ae,ae,ae,ae,ae,ae,1],[s*28,"{MMM}",yo,ae,ae,ae,ae,ae,1],[s,nr,yo,ae,
ae,ae,ae,ae,1],[n,"{h}"+sr,Pn,ae,nn,ae,ae,ae,1],[t,Di,Pn,ae,nn,ae,ae,ae,1],[e,ko,Pn+" "+Di,ae,nn+" "+Di,ae,xo,ae,1],[i,ko+".{fff}",Pn+" "+Di,ae,nn+" "+Di,ae,xo,
ae,1]];function w(m){return(v,M,P,C,F,V)=>{let S=[],z=F>=a,_=F>=o&&F<a,Y=m(P),D=he(Y*i,3),J=Ls(Y.getFullYear(),z?0:Y.getMonth(),_||z?1:Y.getDate()),U=he(J*i,3);
if(_||z){let X=_?F/o:0,G=z?F/a:0,T=D==U?D:he(Ls(J.getFullYear()+G,J.getMonth()+X,1)*i,3),j=new Date(Pe(T/i)),R=j.getFullYear(),I=j.getMonth();for(let q=0;T<=C;q++){
let te=Ls(R+G*q,I+X*q,1),N=te-m(he(te*i,3));T=he((+te+N)*i,3),T<=C&&S.push(T)}}else{let X=F>=s?s:F,G=st(P)-st(D),T=U+G+Nn(D-U,X);S.push(T);let j=m(T),R=j.getHours()+
j.getMinutes()/t+j.getSeconds()/n,I=F/n,q=v.axes[M]._space,te=V/q;for(;T=he(T+F,i==1?0:3),!(T>C);)if(I>1){let N=st(he(R+I,6))%24,ie=m(T).getHours()-N;ie>1&&(ie=
-1),T-=ie*n,R=(R+I)%24;let de=S[S.length-1];he((T-de)/F,3)*te>=.7&&S.push(T)}else S.push(T)}return S}}return[h,f,w]}var[Hd,$d,Nd]=lr(1),[qd,zd,Fd]=lr(.001);on(2,
-53,53,[1]);function So(i,e){return i.map(t=>t.map((n,s)=>s==0||s==8||n==null?n:e(s==1||t[8]==0?n:t[1]+n)))}function _o(i,e){return(t,n,s,o,a)=>{let u=e.find(P=>a>=
P[0])||e[e.length-1],h,f,w,m,v,M;return n.map(P=>{let C=i(P),F=C.getFullYear(),V=C.getMonth(),S=C.getDate(),z=C.getHours(),_=C.getMinutes(),Y=C.getSeconds(),D=F!=
h&&u[2]||V!=f&&u[3]||S!=w&&u[4]||z!=m&&u[5]||_!=v&&u[6]||Y!=M&&u[7]||u[1];return h=F,f=V,w=S,m=z,v=_,M=Y,D(C)})}}function Wd(i,e){let t=js(e);return(n,s,o,a,u)=>s.
map(h=>t(i(h)))}function Ls(i,e,t){return new Date(i,e,t)}function To(i,e){return e(i)}var Vd="{YYYY}-{MM}-{DD} {h}:{mm}{aa}";function Mo(i,e){return(t,n,s,o)=>o==
null?Vs:e(i(n))}function Id(i,e){let t=i.series[e];return t.width?t.stroke(i,e):t.points.width?t.points.stroke(i,e):null}function Bd(i,e){return i.series[e].fill(
i,e)}var Gd={show:!0,live:!0,isolate:!1,mount:cd,markers:{show:!0,width:2,stroke:Id,fill:Bd,dash:"solid"},idx:null,idxs:null,values:[]};function Ud(i,e){let t=i.
cursor.points,n=ht(),s=t.size(i,e);be(n,en,s),be(n,tn,s);let o=s/-2;be(n,"marginLeft",o),be(n,"marginTop",o);let a=t.width(i,e,s);return a&&be(n,"borderWidth",a),
n}function Kd(i,e){let t=i.series[e].points;return t._fill||t._stroke}function jd(i,e){let t=i.series[e].points;return t._stroke||t._fill}function Yd(i,e){return i.
series[e].points.size}var Ps=[0,0];function Jd(i,e,t){return Ps[0]=e,Ps[1]=t,Ps}function An(i,e,t,n=!0){return s=>{s.button==0&&(!n||s.target==e)&&t(s)}}function As(i,e,t,n=!0){
return s=>{(!n||s.target==e)&&t(s)}}var Zd={show:!0,x:!0,y:!0,lock:!1,move:Jd,points:{one:!1,show:Ud,size:Yd,width:0,stroke:jd,fill:Kd},bind:{mousedown:An,mouseup:An,
click:An,dblclick:An,mousemove:As,mouseleave:As,mouseenter:As},drag:{setScale:!0,x:!0,y:!1,dist:0,uni:null,click:(i,e)=>{e.stopPropagation(),e.stopImmediatePropagation()},
_x:!1,_y:!1},focus:{dist:(i,e,t,n,s)=>n-s,prox:-1,bias:0},hover:{skip:[void 0],prox:null,bias:0},left:-10,top:-10,idx:null,dataIdx:null,idxs:null,event:null},or={
show:!0,stroke:"rgba(0,0,0,0.07)",width:2},Js=Me({},or,{filter:Uo}),rr=Me({},Js,{size:10}),ar=Me({},or,{show:!1}),Zs='12px system-ui, -apple-system, "Segoe UI",\
 Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Noto Color Emoji"',dr="bold "+Zs,cr=1.5,Eo={
show:!0,scale:"x",stroke:Ws,space:50,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:dr,side:2,grid:Js,ticks:rr,border:ar,font:Zs,lineGap:cr,rotate:0},
Qd="Value",Xd="Time",Lo={show:!0,scale:"x",auto:!1,sorted:1,min:ue,max:-ue,idxs:[]};function ec(i,e,t,n,s){return e.map(o=>o==null?"":Us(o))}function tc(i,e,t,n,s,o,a){
let u=[],h=Gt.get(s)||0;t=a?t:he(Nn(t,s),h);for(let f=t;f<=n;f=he(f+s,h))u.push(Object.is(f,-0)?0:f);return u}function $s(i,e,t,n,s,o,a){let u=[],h=i.scales[i.axes[e].
scale].log,f=h==10?Ht:Io,w=st(f(t));s=Ri(h,w),h==10&&(s=oi[yt(s,oi)]);let m=t,v=s*h;h==10&&(v=oi[yt(v,oi)]);do u.push(m),m=m+s,h==10&&!Gt.has(m)&&(m=he(m,Gt.get(
s))),m>=v&&(s=m,v=s*h,h==10&&(v=oi[yt(v,oi)]));while(m<=n);return u}function ic(i,e,t,n,s,o,a){let h=i.scales[i.axes[e].scale].asinh,f=n>h?$s(i,e,Ke(h,t),n,s):[
h],w=n>=0&&t<=0?[0]:[];return(t<-h?$s(i,e,Ke(h,-n),-t,s):[h]).reverse().map(v=>-v).concat(w,f)}var ur=/./,nc=/[12357]/,sc=/[125]/,Po=/1/,Ns=(i,e,t,n)=>i.map((s,o)=>e==
4&&s==0||o%n==0&&t.test(s.toExponential()[s<0?1:0])?s:null);function lc(i,e,t,n,s){let o=i.axes[t],a=o.scale,u=i.scales[a],h=i.valToPos,f=o._space,w=h(10,a),m=h(
9,a)-w>=f?ur:h(7,a)-w>=f?nc:h(5,a)-w>=f?sc:Po;if(m==Po){let v=Ae(h(1,a)-w);if(v<f)return Ns(e.slice().reverse(),u.distr,m,pt(f/v)).reverse()}return Ns(e,u.distr,
m,1)}function oc(i,e,t,n,s){let o=i.axes[t],a=o.scale,u=o._space,h=i.valToPos,f=Ae(h(1,a)-h(2,a));return f<u?Ns(e.slice().reverse(),3,ur,pt(u/f)).reverse():e}function rc(i,e,t,n){
return n==null?Vs:e==null?"":Us(e)}var Ao={show:!0,scale:"y",stroke:Ws,space:30,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:dr,side:3,grid:Js,ticks:rr,
border:ar,font:Zs,lineGap:cr,rotate:0};function ac(i,e){let t=3+(i||1)*2;return he(t*e,3)}function dc(i,e){let{scale:t,idxs:n}=i.series[0],s=i._data[0],o=i.valToPos(
s[n[0]],t,!0),a=i.valToPos(s[n[1]],t,!0),u=Ae(a-o),h=i.series[e],f=u/(h.points.space*oe);return n[1]-n[0]<=f}var Oo={scale:null,auto:!0,sorted:0,min:ue,max:-ue},
hr=(i,e,t,n,s)=>s,Do={show:!0,auto:!0,sorted:0,gaps:hr,alpha:1,facets:[Me({},Oo,{scale:"x"}),Me({},Oo,{scale:"y"})]},Co={scale:"y",auto:!0,sorted:0,show:!0,spanGaps:!1,
gaps:hr,alpha:1,points:{show:dc,filter:null},values:null,min:ue,max:-ue,idxs:[],path:null,clip:null};function cc(i,e,t,n,s){return t/10}var pr={time:!0,auto:!0,
distr:1,log:10,asinh:1,min:null,max:null,dir:1,ori:0},uc=Me({},pr,{time:!1,ori:1}),Ro={};function fr(i,e){let t=Ro[i];return t||(t={key:i,plots:[],sub(n){t.plots.
push(n)},unsub(n){t.plots=t.plots.filter(s=>s!=n)},pub(n,s,o,a,u,h,f){for(let w=0;w<t.plots.length;w++)t.plots[w]!=s&&t.plots[w].pub(n,s,o,a,u,h,f)}},i!=null&&(Ro[i]=
t)),t}var Ni=1,qs=2;function ci(i,e,t){let n=i.mode,s=i.series[e],o=n==2?i._data[e]:i._data,a=i.scales,u=i.bbox,h=o[0],f=n==2?o[1]:o[e],w=n==2?a[s.facets[0].scale]:
a[i.series[0].scale],m=n==2?a[s.facets[1].scale]:a[s.scale],v=u.left,M=u.top,P=u.width,C=u.height,F=i.valToPosH,V=i.valToPosV;return w.ori==0?t(s,h,f,w,m,F,V,v,
M,P,C,Fn,zi,Vn,gr,vr):t(s,h,f,w,m,V,F,M,v,C,P,Wn,Fi,el,br,wr)}function Qs(i,e){let t=0,n=0,s=se(i.bands,Ks);for(let o=0;o<s.length;o++){let a=s[o];a.series[0]==
e?t=a.dir:a.series[1]==e&&(a.dir==1?n|=1:n|=2)}return[t,n==1?-1:n==2?1:n==3?2:0]}function hc(i,e,t,n,s){let o=i.mode,a=i.series[e],u=o==2?a.facets[1].scale:a.scale,
h=i.scales[u];return s==-1?h.min:s==1?h.max:h.distr==3?h.dir==1?h.min:h.max:0}function $t(i,e,t,n,s,o){return ci(i,e,(a,u,h,f,w,m,v,M,P,C,F)=>{let V=a.pxRound,S=f.
dir*(f.ori==0?1:-1),z=f.ori==0?zi:Fi,_,Y;S==1?(_=t,Y=n):(_=n,Y=t);let D=V(m(u[_],f,C,M)),J=V(v(h[_],w,F,P)),U=V(m(u[Y],f,C,M)),X=V(v(o==1?w.max:w.min,w,F,P)),G=new Path2D(
s);return z(G,U,X),z(G,D,X),z(G,D,J),G})}function zn(i,e,t,n,s,o){let a=null;if(i.length>0){a=new Path2D;let u=e==0?Vn:el,h=t;for(let m=0;m<i.length;m++){let v=i[m];
if(v[1]>v[0]){let M=v[0]-h;M>0&&u(a,h,n,M,n+o),h=v[1]}}let f=t+s-h,w=10;f>0&&u(a,h,n-w/2,f,n+o+w)}return a}function pc(i,e,t){let n=i[i.length-1];n&&n[0]==e?n[1]=
t:i.push([e,t])}function Xs(i,e,t,n,s,o,a){let u=[],h=i.length;for(let f=s==1?t:n;f>=t&&f<=n;f+=s)if(e[f]===null){let m=f,v=f;if(s==1)for(;++f<=n&&e[f]===null;)
v=f;else for(;--f>=t&&e[f]===null;)v=f;let M=o(i[m]),P=v==m?M:o(i[v]),C=m-s;M=a<=0&&C>=0&&C<h?o(i[C]):M;let V=v+s;P=a>=0&&V>=0&&V<h?o(i[V]):P,P>=M&&u.push([M,P])}
return u}function Ho(i){return i==0?Go:i==1?Pe:e=>li(e,i)}function mr(i){let e=i==0?Fn:Wn,t=i==0?(s,o,a,u,h,f)=>{s.arcTo(o,a,u,h,f)}:(s,o,a,u,h,f)=>{s.arcTo(a,o,
h,u,f)},n=i==0?(s,o,a,u,h)=>{s.rect(o,a,u,h)}:(s,o,a,u,h)=>{s.rect(a,o,h,u)};return(s,o,a,u,h,f=0,w=0)=>{f==0&&w==0?n(s,o,a,u,h):(f=xt(f,u/2,h/2),w=xt(w,u/2,h/2),
e(s,o+f,a),t(s,o+u,a,o+u,a+h,f),t(s,o+u,a+h,o,a+h,w),t(s,o,a+h,o,a,w),t(s,o,a,o+u,a,f),s.closePath())}}var Fn=(i,e,t)=>{i.moveTo(e,t)},Wn=(i,e,t)=>{i.moveTo(t,e)},
zi=(i,e,t)=>{i.lineTo(e,t)},Fi=(i,e,t)=>{i.lineTo(t,e)},Vn=mr(0),el=mr(1),gr=(i,e,t,n,s,o)=>{i.arc(e,t,n,s,o)},br=(i,e,t,n,s,o)=>{i.arc(t,e,n,s,o)},vr=(i,e,t,n,s,o,a)=>{
i.bezierCurveTo(e,t,n,s,o,a)},wr=(i,e,t,n,s,o,a)=>{i.bezierCurveTo(t,e,s,n,a,o)};function yr(i){return(e,t,n,s,o)=>ci(e,t,(a,u,h,f,w,m,v,M,P,C,F)=>{let{pxRound:V,
points:S}=a,z,_;f.ori==0?(z=Fn,_=gr):(z=Wn,_=br);let Y=he(S.width*oe,3),D=(S.size-S.width)/2*oe,J=he(D*2,3),U=new Path2D,X=new Path2D,{left:G,top:T,width:j,height:R}=e.
bbox;Vn(X,G-J,T-J,j+J*2,R+J*2);let I=q=>{if(h[q]!=null){let te=V(m(u[q],f,C,M)),N=V(v(h[q],w,F,P));z(U,te+D,N),_(U,te,N,D,0,On*2)}};if(o)o.forEach(I);else for(let q=n;q<=
s;q++)I(q);return{stroke:Y>0?U:null,fill:U,clip:X,flags:Ni|qs}})}function xr(i){return(e,t,n,s,o,a)=>{n!=s&&(o!=n&&a!=n&&i(e,t,n),o!=s&&a!=s&&i(e,t,s),i(e,t,a))}}
var fc=xr(zi),mc=xr(Fi);function kr(i){let e=se(i?.alignGaps,0);return(t,n,s,o)=>ci(t,n,(a,u,h,f,w,m,v,M,P,C,F)=>{[s,o]=Hn(h,s,o);let V=a.pxRound,S=R=>V(m(R,f,C,
M)),z=R=>V(v(R,w,F,P)),_,Y;f.ori==0?(_=zi,Y=fc):(_=Fi,Y=mc);let D=f.dir*(f.ori==0?1:-1),J={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:Ni},U=J.
stroke,X=!1;if(o-s>=C*4){let R=H=>t.posToVal(H,f.key,!0),I=null,q=null,te,N,je,ve=S(u[D==1?s:o]),ie=S(u[s]),de=S(u[o]),Z=R(D==1?ie+1:de-1);for(let H=D==1?s:o;H>=
s&&H<=o;H+=D){let Ee=u[H],we=(D==1?Ee<Z:Ee>Z)?ve:S(Ee),re=h[H];we==ve?re!=null?(N=re,I==null?(_(U,we,z(N)),te=I=q=N):N<I?I=N:N>q&&(q=N)):re===null&&(X=!0):(I!=null&&
Y(U,ve,z(I),z(q),z(te),z(N)),re!=null?(N=re,_(U,we,z(N)),I=q=te=N):(I=q=null,re===null&&(X=!0)),ve=we,Z=R(ve+D))}I!=null&&I!=q&&je!=ve&&Y(U,ve,z(I),z(q),z(te),z(
N))}else for(let R=D==1?s:o;R>=s&&R<=o;R+=D){let I=h[R];I===null?X=!0:I!=null&&_(U,S(u[R]),z(I))}let[T,j]=Qs(t,n);if(a.fill!=null||T!=0){let R=J.fill=new Path2D(
U),I=a.fillTo(t,n,a.min,a.max,T),q=z(I),te=S(u[s]),N=S(u[o]);D==-1&&([N,te]=[te,N]),_(R,N,q),_(R,te,q)}if(!a.spanGaps){let R=[];X&&R.push(...Xs(u,h,s,o,D,S,e)),
J.gaps=R=a.gaps(t,n,s,o,R),J.clip=zn(R,f.ori,M,P,C,F)}return j!=0&&(J.band=j==2?[$t(t,n,s,o,U,-1),$t(t,n,s,o,U,1)]:$t(t,n,s,o,U,j)),J})}function gc(i){let e=se(
i.align,1),t=se(i.ascDesc,!1),n=se(i.alignGaps,0),s=se(i.extend,!1);return(o,a,u,h)=>ci(o,a,(f,w,m,v,M,P,C,F,V,S,z)=>{[u,h]=Hn(m,u,h);let _=f.pxRound,{left:Y,width:D}=o.
bbox,J=ie=>_(P(ie,v,S,F)),U=ie=>_(C(ie,M,z,V)),X=v.ori==0?zi:Fi,G={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:Ni},T=G.stroke,j=v.dir*(v.ori==
0?1:-1),R=U(m[j==1?u:h]),I=J(w[j==1?u:h]),q=I,te=I;s&&e==-1&&(te=Y,X(T,te,R)),X(T,I,R);for(let ie=j==1?u:h;ie>=u&&ie<=h;ie+=j){let de=m[ie];if(de==null)continue;
let Z=J(w[ie]),H=U(de);e==1?X(T,Z,R):X(T,q,H),X(T,Z,H),R=H,q=Z}let N=q;s&&e==1&&(N=Y+D,X(T,N,R));let[je,ve]=Qs(o,a);if(f.fill!=null||je!=0){let ie=G.fill=new Path2D(
T),de=f.fillTo(o,a,f.min,f.max,je),Z=U(de);X(ie,N,Z),X(ie,te,Z)}if(!f.spanGaps){let ie=[];ie.push(...Xs(w,m,u,h,j,J,n));let de=f.width*oe/2,Z=t||e==1?de:-de,H=t||
e==-1?-de:de;ie.forEach(Ee=>{Ee[0]+=Z,Ee[1]+=H}),G.gaps=ie=f.gaps(o,a,u,h,ie),G.clip=zn(ie,v.ori,F,V,S,z)}return ve!=0&&(G.band=ve==2?[$t(o,a,u,h,T,-1),$t(o,a,u,
h,T,1)]:$t(o,a,u,h,T,ve)),G})}function $o(i,e,t,n,s,o,a=ue){if(i.length>1){let u=null;for(let h=0,f=1/0;h<i.length;h++)if(e[h]!==void 0){if(u!=null){let w=Ae(i[h]-
i[u]);w<f&&(f=w,a=Ae(t(i[h],n,s,o)-t(i[u],n,s,o)))}u=h}}return a}function bc(i){i=i||ln;let e=se(i.size,[.6,ue,1]),t=i.align||0,n=i.gap||0,s=i.radius;s=s==null?
[0,0]:typeof s=="number"?[s,0]:s;let o=ee(s),a=1-e[0],u=se(e[1],ue),h=se(e[2],1),f=se(i.disp,ln),w=se(i.each,M=>{}),{fill:m,stroke:v}=f;return(M,P,C,F)=>ci(M,P,
(V,S,z,_,Y,D,J,U,X,G,T)=>{let j=V.pxRound,R=t,I=n*oe,q=u*oe,te=h*oe,N,je;_.ori==0?[N,je]=o(M,P):[je,N]=o(M,P);let ve=_.dir*(_.ori==0?1:-1),ie=_.ori==0?Vn:el,de=_.
ori==0?w:(A,pe,Le,fi,Yt,St,Jt)=>{w(A,pe,Le,Yt,fi,Jt,St)},Z=se(M.bands,Ks).find(A=>A.series[0]==P),H=Z!=null?Z.dir:0,Ee=V.fillTo(M,P,V.min,V.max,H),Ve=j(J(Ee,Y,T,
X)),we,re,ft,Qe=G,xe=j(V.width*oe),kt=!1,Ot=null,ot=null,qt=null,ui=null;m!=null&&(xe==0||v!=null)&&(kt=!0,Ot=m.values(M,P,C,F),ot=new Map,new Set(Ot).forEach(A=>{
A!=null&&ot.set(A,new Path2D)}),xe>0&&(qt=v.values(M,P,C,F),ui=new Map,new Set(qt).forEach(A=>{A!=null&&ui.set(A,new Path2D)})));let{x0:hi,size:Vi}=f;if(hi!=null&&
Vi!=null){R=1,S=hi.values(M,P,C,F),hi.unit==2&&(S=S.map(Le=>M.posToVal(U+Le*G,_.key,!0)));let A=Vi.values(M,P,C,F);Vi.unit==2?re=A[0]*G:re=D(A[0],_,G,U)-D(0,_,G,
U),Qe=$o(S,z,D,_,G,U,Qe),ft=Qe-re+I}else Qe=$o(S,z,D,_,G,U,Qe),ft=Qe*a+I,re=Qe-ft;ft<1&&(ft=0),xe>=re/2&&(xe=0),ft<5&&(j=Go);let cn=ft>0,Kt=Qe-ft-(cn?xe:0);re=j(
Hs(Kt,te,q)),we=(R==0?re/2:R==ve?0:re)-R*ve*((R==0?I/2:0)+(cn?xe/2:0));let Ie={stroke:null,fill:null,clip:null,band:null,gaps:null,flags:0},pi=kt?null:new Path2D,
Dt=null;if(Z!=null)Dt=M.data[Z.series[1]];else{let{y0:A,y1:pe}=f;A!=null&&pe!=null&&(z=pe.values(M,P,C,F),Dt=A.values(M,P,C,F))}let jt=N*re,K=je*re;for(let A=ve==
1?C:F;A>=C&&A<=F;A+=ve){let pe=z[A];if(pe==null)continue;if(Dt!=null){let Ye=Dt[A]??0;if(pe-Ye==0)continue;Ve=J(Ye,Y,T,X)}let Le=_.distr!=2||f!=null?S[A]:A,fi=D(
Le,_,G,U),Yt=J(se(pe,Ee),Y,T,X),St=j(fi-we),Jt=j(Ke(Yt,Ve)),Xe=j(xt(Yt,Ve)),rt=Jt-Xe;if(pe!=null){let Ye=pe<0?K:jt,mt=pe<0?jt:K;kt?(xe>0&&qt[A]!=null&&ie(ui.get(
qt[A]),St,Xe+st(xe/2),re,Ke(0,rt-xe),Ye,mt),Ot[A]!=null&&ie(ot.get(Ot[A]),St,Xe+st(xe/2),re,Ke(0,rt-xe),Ye,mt)):ie(pi,St,Xe+st(xe/2),re,Ke(0,rt-xe),Ye,mt),de(M,
P,A,St-xe/2,Xe,re+xe,rt)}}return xe>0?Ie.stroke=kt?ui:pi:kt||(Ie._fill=V.width==0?V._fill:V._stroke??V._fill,Ie.width=0),Ie.fill=kt?ot:pi,Ie})}function vc(i,e){
let t=se(e?.alignGaps,0);return(n,s,o,a)=>ci(n,s,(u,h,f,w,m,v,M,P,C,F,V)=>{[o,a]=Hn(f,o,a);let S=u.pxRound,z=N=>S(v(N,w,F,P)),_=N=>S(M(N,m,V,C)),Y,D,J;w.ori==0?
(Y=Fn,J=zi,D=vr):(Y=Wn,J=Fi,D=wr);let U=w.dir*(w.ori==0?1:-1),X=z(h[U==1?o:a]),G=X,T=[],j=[];for(let N=U==1?o:a;N>=o&&N<=a;N+=U)if(f[N]!=null){let ve=h[N],ie=z(
ve);T.push(G=ie),j.push(_(f[N]))}let R={stroke:i(T,j,Y,J,D,S),fill:null,clip:null,band:null,gaps:null,flags:Ni},I=R.stroke,[q,te]=Qs(n,s);if(u.fill!=null||q!=0){
let N=R.fill=new Path2D(I),je=u.fillTo(n,s,u.min,u.max,q),ve=_(je);J(N,G,ve),J(N,X,ve)}if(!u.spanGaps){let N=[];N.push(...Xs(h,f,o,a,U,z,t)),R.gaps=N=u.gaps(n,s,
o,a,N),R.clip=zn(N,w.ori,P,C,F,V)}return te!=0&&(R.band=te==2?[$t(n,s,o,a,I,-1),$t(n,s,o,a,I,1)]:$t(n,s,o,a,I,te)),R})}function wc(i){return vc(yc,i)}function yc(i,e,t,n,s,o){
let a=i.length;if(a<2)return null;let u=new Path2D;if(t(u,i[0],e[0]),a==2)n(u,i[1],e[1]);else{let h=Array(a),f=Array(a-1),w=Array(a-1),m=Array(a-1);for(let v=0;v<
a-1;v++)w[v]=e[v+1]-e[v],m[v]=i[v+1]-i[v],f[v]=w[v]/m[v];h[0]=f[0];for(let v=1;v<a-1;v++)f[v]===0||f[v-1]===0||f[v-1]>0!=f[v]>0?h[v]=0:(h[v]=3*(m[v-1]+m[v])/((2*
m[v]+m[v-1])/f[v-1]+(m[v]+2*m[v-1])/f[v]),isFinite(h[v])||(h[v]=0));h[a-1]=f[a-2];for(let v=0;v<a-1;v++)s(u,i[v]+m[v]/3,e[v]+h[v]*m[v]/3,i[v+1]-m[v]/3,e[v+1]-h[v+
1]*m[v]/3,i[v+1],e[v+1])}return u}var zs=new Set;function No(){for(let i of zs)i.syncRect(!0)}qi&&(ai(ed,Ci,No),ai(td,Ci,No,!0),ai(Dn,Ci,()=>{Oe.pxRatio=oe}));var xc=kr(),
kc=yr();function qo(i,e,t,n){return(n?[i[0],i[1]].concat(i.slice(2)):[i[0]].concat(i.slice(1))).map((o,a)=>Fs(o,a,e,t))}function Sc(i,e){return i.map((t,n)=>n==
0?{}:Me({},e,t))}function Fs(i,e,t,n){return Me({},e==0?t:n,i)}function Sr(i,e,t){return e==null?Hi:[e,t]}var _c=Sr;function Tc(i,e,t){return e==null?Hi:Cn(e,t,
Gs,!0)}function _r(i,e,t,n){return e==null?Hi:$n(e,t,i.scales[n].log,!1)}var Mc=_r;function Tr(i,e,t,n){return e==null?Hi:Bs(e,t,i.scales[n].log,!1)}var Ec=Tr;function Lc(i,e,t,n,s){
let o=Ke(go(i),go(e)),a=e-i,u=yt(s/n*a,t);do{let h=t[u],f=n*h/a;if(f>=s&&o+(h<5?Gt.get(h):0)<=17)return[h,f]}while(++u<t.length);return[0,0]}function zo(i){let e,
t;return i=i.replace(/(\d+)px/,(n,s)=>(e=Pe((t=+s)*oe))+"px"),[i,e,t]}function Pc(i){i.show&&[i.font,i.labelFont].forEach(e=>{let t=he(e[2]*oe,1);e[0]=e[0].replace(
/[0-9.]+px/,t+"px"),e[1]=t})}function Oe(i,e,t){let n={mode:se(i.mode,1)},s=n.mode;function o(l,r,d,c){let p=r.valToPct(l);return c+d*(r.dir==-1?1-p:p)}function a(l,r,d,c){
let p=r.valToPct(l);return c+d*(r.dir==-1?p:1-p)}function u(l,r,d,c){return r.ori==0?o(l,r,d,c):a(l,r,d,c)}n.valToPosH=o,n.valToPosV=a;let h=!1;n.status=0;let f=n.
root=ht($a);if(i.id!=null&&(f.id=i.id),nt(f,i.class),i.title){let l=ht(za,f);l.textContent=i.title}let w=wt("canvas"),m=n.ctx=w.getContext("2d"),v=ht(Fa,f);ai("\
click",v,l=>{l.target===P&&(fe!=Ti||ye!=Mi)&&ze.click(n,l)},!0);let M=n.under=ht(Wa,v);v.appendChild(w);let P=n.over=ht(Va,v);i=$i(i);let C=+se(i.pxAlign,1),F=Ho(
C);(i.plugins||[]).forEach(l=>{l.opts&&(i=l.opts(n,i)||i)});let V=i.ms||.001,S=n.series=s==1?qo(i.series||[],Lo,Co,!1):Sc(i.series||[null],Do),z=n.axes=qo(i.axes||
[],Eo,Ao,!0),_=n.scales={},Y=n.bands=i.bands||[];Y.forEach(l=>{l.fill=ee(l.fill||null),l.dir=se(l.dir,-1)});let D=s==2?S[1].facets[0].scale:S[0].scale,J={axes:la,
series:ea},U=(i.drawOrder||["axes","series"]).map(l=>J[l]);function X(l){let r=l.distr==3?d=>Ht(d>0?d:l.clamp(n,d,l.min,l.max,l.key)):l.distr==4?d=>Es(d,l.asinh):
l.distr==100?d=>l.fwd(d):d=>d;return d=>{let c=r(d),{_min:p,_max:g}=l,y=g-p;return(c-p)/y}}function G(l){let r=_[l];if(r==null){let d=(i.scales||ln)[l]||ln;if(d.
from!=null){G(d.from);let c=Me({},_[d.from],d,{key:l});c.valToPct=X(c),_[l]=c}else{r=_[l]=Me({},l==D?pr:uc,d),r.key=l;let c=r.time,p=r.range,g=Bt(p);if((l!=D||s==
2&&!c)&&(g&&(p[0]==null||p[1]==null)&&(p={min:p[0]==null?po:{mode:1,hard:p[0],soft:p[0]},max:p[1]==null?po:{mode:1,hard:p[1],soft:p[1]}},g=!1),!g&&qn(p))){let y=p;
p=(x,k,E)=>k==null?Hi:Cn(k,E,y)}r.range=ee(p||(c?_c:l==D?r.distr==3?Mc:r.distr==4?Ec:Sr:r.distr==3?_r:r.distr==4?Tr:Tc)),r.auto=ee(g?!1:r.auto),r.clamp=ee(r.clamp||
cc),r._min=r._max=null,r.valToPct=X(r)}}}G("x"),G("y"),s==1&&S.forEach(l=>{G(l.scale)}),z.forEach(l=>{G(l.scale)});for(let l in i.scales)G(l);let T=_[D],j=T.distr,
R,I;T.ori==0?(nt(f,Na),R=o,I=a):(nt(f,qa),R=a,I=o);let q={};for(let l in _){let r=_[l];(r.min!=null||r.max!=null)&&(q[l]={min:r.min,max:r.max},r.min=r.max=null)}
let te=i.tzDate||(l=>new Date(Pe(l/V))),N=i.fmtDate||js,je=V==1?Nd(te):Fd(te),ve=_o(te,So(V==1?$d:zd,N)),ie=Mo(te,To(Vd,N)),de=[],Z=n.legend=Me({},Gd,i.legend),
H=n.cursor=Me({},Zd,{drag:{y:s==2}},i.cursor),Ee=Z.show,Ve=H.show,we=Z.markers;Z.idxs=de,we.width=ee(we.width),we.dash=ee(we.dash),we.stroke=ee(we.stroke),we.fill=
ee(we.fill);let re,ft,Qe,xe=[],kt=[],Ot,ot=!1,qt={};if(Z.live){let l=S[1]?S[1].values:null;ot=l!=null,Ot=ot?l(n,1,0):{_:0};for(let r in Ot)qt[r]=Vs}if(Ee)if(re=
wt("table",ja,f),Qe=wt("tbody",null,re),Z.mount(n,re),ot){ft=wt("thead",null,re,Qe);let l=wt("tr",null,ft);wt("th",null,l);for(var ui in Ot)wt("th",Xl,l).textContent=
ui}else nt(re,Ja),Z.live&&nt(re,Ya);let hi={show:!0},Vi={show:!1};function cn(l,r){if(r==0&&(ot||!Z.live||s==2))return Hi;let d=[],c=wt("tr",Za,Qe,Qe.childNodes[r]);
nt(c,l.class),l.show||nt(c,ri);let p=wt("th",null,c);if(we.show){let x=ht(Qa,p);if(r>0){let k=we.width(n,r);k&&(x.style.border=k+"px "+we.dash(n,r)+" "+we.stroke(
n,r)),x.style.background=we.fill(n,r)}}let g=ht(Xl,p);l.label instanceof HTMLElement?g.appendChild(l.label):g.textContent=l.label,r>0&&(we.show||(g.style.color=
l.width>0?we.stroke(n,r):we.fill(n,r)),Ie("click",p,x=>{if(H._lock)return;Qt(x);let k=S.indexOf(l);if((x.ctrlKey||x.metaKey)!=Z.isolate){let E=S.some((L,O)=>O>0&&
O!=k&&L.show);S.forEach((L,O)=>{O>0&&Tt(O,E?O==k?hi:Vi:hi,!0,Te.setSeries)})}else Tt(k,{show:!l.show},!0,Te.setSeries)},!1),gi&&Ie(no,p,x=>{H._lock||(Qt(x),Tt(S.
indexOf(l),Li,!0,Te.setSeries))},!1));for(var y in Ot){let x=wt("td",Xa,c);x.textContent="--",d.push(x)}return[c,d]}let Kt=new Map;function Ie(l,r,d,c=!0){let p=Kt.
get(r)||{},g=H.bind[l](n,r,d,c);g&&(ai(l,r,p[l]=g),Kt.set(r,p))}function pi(l,r,d){let c=Kt.get(r)||{};for(let p in c)(l==null||p==l)&&(Rs(p,r,c[p]),delete c[p]);
l==null&&Kt.delete(r)}let Dt=0,jt=0,K=0,A=0,pe=0,Le=0,fi=pe,Yt=Le,St=K,Jt=A,Xe=0,rt=0,Ye=0,mt=0;n.bbox={};let jn=!1,un=!1,mi=!1,Zt=!1,hn=!1,at=!1;function Yn(l,r,d){
(d||l!=n.width||r!=n.height)&&sl(l,r),xi(!1),mi=!0,un=!0,ki()}function sl(l,r){n.width=Dt=K=l,n.height=jt=A=r,pe=Le=0,Kr(),jr();let d=n.bbox;Xe=d.left=li(pe*oe,
.5),rt=d.top=li(Le*oe,.5),Ye=d.width=li(K*oe,.5),mt=d.height=li(A*oe,.5)}let Br=3;function Gr(){let l=!1,r=0;for(;!l;){r++;let d=na(r),c=sa(r);l=r==Br||d&&c,l||
(sl(n.width,n.height),un=!0)}}function Ur({width:l,height:r}){Yn(l,r)}n.setSize=Ur;function Kr(){let l=!1,r=!1,d=!1,c=!1;z.forEach((p,g)=>{if(p.show&&p._show){let{
side:y,_size:x}=p,k=y%2,E=p.label!=null?p.labelSize:0,L=x+E;L>0&&(k?(K-=L,y==3?(pe+=L,c=!0):d=!0):(A-=L,y==0?(Le+=L,l=!0):r=!0))}}),Xt[0]=l,Xt[1]=d,Xt[2]=r,Xt[3]=
c,K-=zt[1]+zt[3],pe+=zt[3],A-=zt[2]+zt[0],Le+=zt[0]}function jr(){let l=pe+K,r=Le+A,d=pe,c=Le;function p(g,y){switch(g){case 1:return l+=y,l-y;case 2:return r+=
y,r-y;case 3:return d-=y,d+y;case 0:return c-=y,c+y}}z.forEach((g,y)=>{if(g.show&&g._show){let x=g.side;g._pos=p(x,g._size),g.label!=null&&(g._lpos=p(x,g.labelSize))}})}
if(H.dataIdx==null){let l=H.hover,r=l.skip=new Set(l.skip??[]);r.add(void 0);let d=l.prox=ee(l.prox),c=l.bias??=0;H.dataIdx=(p,g,y,x)=>{if(g==0)return y;let k=y,
E=d(p,g,y,x)??ue,L=E>=0&&E<ue,O=T.ori==0?K:A,B=H.left,le=e[0],ne=e[g];if(r.has(ne[y])){k=null;let Q=null,W=null,$;if(c==0||c==-1)for($=y;Q==null&&$-- >0;)r.has(
ne[$])||(Q=$);if(c==0||c==1)for($=y;W==null&&$++<ne.length;)r.has(ne[$])||(W=$);if(Q!=null||W!=null)if(L){let ge=Q==null?-1/0:R(le[Q],T,O,0),ke=W==null?1/0:R(le[W],
T,O,0),Ne=B-ge,ce=ke-B;Ne<=ce?Ne<=E&&(k=Q):ce<=E&&(k=W)}else k=W==null?Q:Q==null?W:y-Q<=W-y?Q:W}else L&&Ae(B-R(le[y],T,O,0))>E&&(k=null);return k}}let Qt=l=>{H.
event=l};H.idxs=de,H._lock=!1;let Fe=H.points;Fe.show=ee(Fe.show),Fe.size=ee(Fe.size),Fe.stroke=ee(Fe.stroke),Fe.width=ee(Fe.width),Fe.fill=ee(Fe.fill);let _t=n.
focus=Me({},i.focus||{alpha:.3},H.focus),gi=_t.prox>=0,bi=gi&&Fe.one,dt=[],vi=[],wi=[];function ll(l,r){let d=Fe.show(n,r);if(d instanceof HTMLElement)return nt(
d,Ka),nt(d,l.class),At(d,-10,-10,K,A),P.insertBefore(d,dt[r]),d}function ol(l,r){if(s==1||r>0){let d=s==1&&_[l.scale].time,c=l.value;l.value=d?wo(c)?Mo(te,To(c,
N)):c||ie:c||rc,l.label=l.label||(d?Xd:Qd)}if(bi||r>0){l.width=l.width==null?1:l.width,l.paths=l.paths||xc||ud,l.fillTo=ee(l.fillTo||hc),l.pxAlign=+se(l.pxAlign,
C),l.pxRound=Ho(l.pxAlign),l.stroke=ee(l.stroke||null),l.fill=ee(l.fill||null),l._stroke=l._fill=l._paths=l._focus=null;let d=ac(Ke(1,l.width),1),c=l.points=Me(
{},{size:d,width:Ke(1,d*.2),stroke:l.stroke,space:d*2,paths:kc,_stroke:null,_fill:null},l.points);c.show=ee(c.show),c.filter=ee(c.filter),c.fill=ee(c.fill),c.stroke=
ee(c.stroke),c.paths=ee(c.paths),c.pxAlign=l.pxAlign}if(Ee){let d=cn(l,r);xe.splice(r,0,d[0]),kt.splice(r,0,d[1]),Z.values.push(null)}if(Ve){de.splice(r,0,null);
let d=null;bi?r==0&&(d=ll(l,r)):r>0&&(d=ll(l,r)),dt.splice(r,0,d),vi.splice(r,0,0),wi.splice(r,0,0)}$e("addSeries",r)}function Yr(l,r){r=r??S.length,l=s==1?Fs(l,
r,Lo,Co):Fs(l,r,{},Do),S.splice(r,0,l),ol(S[r],r)}n.addSeries=Yr;function Jr(l){if(S.splice(l,1),Ee){Z.values.splice(l,1),kt.splice(l,1);let r=xe.splice(l,1)[0];
pi(null,r.firstChild),r.remove()}Ve&&(de.splice(l,1),dt.splice(l,1)[0].remove(),vi.splice(l,1),wi.splice(l,1)),$e("delSeries",l)}n.delSeries=Jr;let Xt=[!1,!1,!1,
!1];function Zr(l,r){if(l._show=l.show,l.show){let d=l.side%2,c=_[l.scale];c==null&&(l.scale=d?S[1].scale:D,c=_[l.scale]);let p=c.time;l.size=ee(l.size),l.space=
ee(l.space),l.rotate=ee(l.rotate),Bt(l.incrs)&&l.incrs.forEach(y=>{!Gt.has(y)&&Gt.set(y,jo(y))}),l.incrs=ee(l.incrs||(c.distr==2?Cd:p?V==1?Hd:qd:oi)),l.splits=ee(
l.splits||(p&&c.distr==1?je:c.distr==3?$s:c.distr==4?ic:tc)),l.stroke=ee(l.stroke),l.grid.stroke=ee(l.grid.stroke),l.ticks.stroke=ee(l.ticks.stroke),l.border.stroke=
ee(l.border.stroke);let g=l.values;l.values=Bt(g)&&!Bt(g[0])?ee(g):p?Bt(g)?_o(te,So(g,N)):wo(g)?Wd(te,g):g||ve:g||ec,l.filter=ee(l.filter||(c.distr>=3&&c.log==10?
lc:c.distr==3&&c.log==2?oc:Uo)),l.font=zo(l.font),l.labelFont=zo(l.labelFont),l._size=l.size(n,null,r,0),l._space=l._rotate=l._incrs=l._found=l._splits=l._values=
null,l._size>0&&(Xt[r]=!0,l._el=ht(Ia,v))}}function Ii(l,r,d,c){let[p,g,y,x]=d,k=r%2,E=0;return k==0&&(x||g)&&(E=r==0&&!p||r==2&&!y?Pe(Eo.size/3):0),k==1&&(p||y)&&
(E=r==1&&!g||r==3&&!x?Pe(Ao.size/2):0),E}let rl=n.padding=(i.padding||[Ii,Ii,Ii,Ii]).map(l=>ee(se(l,Ii))),zt=n._padding=rl.map((l,r)=>l(n,r,Xt,0)),qe,De=null,Ce=null,
pn=s==1?S[0].idxs:null,gt=null,Bi=!1;function al(l,r){if(e=l??[],n.data=n._data=e,s==2){qe=0;for(let d=1;d<S.length;d++)qe+=e[d][0].length}else{e.length==0&&(n.
data=n._data=e=[[]]),gt=e[0],qe=gt.length;let d=e;if(j==2){d=e.slice();let c=d[0]=Array(qe);for(let p=0;p<qe;p++)c[p]=p}n._data=e=d}if(xi(!0),$e("setData"),j==2&&
(mi=!0),r!==!1){let d=T;d.auto(n,Bi)?Jn():Wt(D,d.min,d.max),Zt=Zt||H.left>=0,at=!0,ki()}}n.setData=al;function Jn(){Bi=!0;let l,r;s==1&&(qe>0?(De=pn[0]=0,Ce=pn[1]=
qe-1,l=e[0][De],r=e[0][Ce],j==2?(l=De,r=Ce):l==r&&(j==3?[l,r]=$n(l,l,T.log,!1):j==4?[l,r]=Bs(l,l,T.log,!1):T.time?r=l+Pe(86400/V):[l,r]=Cn(l,r,Gs,!0))):(De=pn[0]=
l=null,Ce=pn[1]=r=null)),Wt(D,l,r)}let fn,yi,Zn,Qn,Xn,es,ts,is,ns,Je;function dl(l,r,d,c,p,g){l??=to,d??=Ks,c??="butt",p??=to,g??="round",l!=fn&&(m.strokeStyle=
fn=l),p!=yi&&(m.fillStyle=yi=p),r!=Zn&&(m.lineWidth=Zn=r),g!=Xn&&(m.lineJoin=Xn=g),c!=es&&(m.lineCap=es=c),d!=Qn&&m.setLineDash(Qn=d)}function cl(l,r,d,c){r!=yi&&
(m.fillStyle=yi=r),l!=ts&&(m.font=ts=l),d!=is&&(m.textAlign=is=d),c!=ns&&(m.textBaseline=ns=c)}function ss(l,r,d,c,p=0){if(c.length>0&&l.auto(n,Bi)&&(r==null||r.
min==null)){let g=se(De,0),y=se(Ce,c.length-1),x=d.min==null?ld(c,g,y,p,l.distr==3):[d.min,d.max];l.min=xt(l.min,d.min=x[0]),l.max=Ke(l.max,d.max=x[1])}}let ul={
min:null,max:null};function Qr(){for(let c in _){let p=_[c];q[c]==null&&(p.min==null||q[D]!=null&&p.auto(n,Bi))&&(q[c]=ul)}for(let c in _){let p=_[c];q[c]==null&&
p.from!=null&&q[p.from]!=null&&(q[c]=ul)}q[D]!=null&&xi(!0);let l={};for(let c in q){let p=q[c];if(p!=null){let g=l[c]=$i(_[c],fd);if(p.min!=null)Me(g,p);else if(c!=
D||s==2)if(qe==0&&g.from==null){let y=g.range(n,null,null,c);g.min=y[0],g.max=y[1]}else g.min=ue,g.max=-ue}}if(qe>0){S.forEach((c,p)=>{if(s==1){let g=c.scale,y=q[g];
if(y==null)return;let x=l[g];if(p==0){let k=x.range(n,x.min,x.max,g);x.min=k[0],x.max=k[1],De=yt(x.min,e[0]),Ce=yt(x.max,e[0]),Ce-De>1&&(e[0][De]<x.min&&De++,e[0][Ce]>
x.max&&Ce--),c.min=gt[De],c.max=gt[Ce]}else c.show&&c.auto&&ss(x,y,c,e[p],c.sorted);c.idxs[0]=De,c.idxs[1]=Ce}else if(p>0&&c.show&&c.auto){let[g,y]=c.facets,x=g.
scale,k=y.scale,[E,L]=e[p],O=l[x],B=l[k];O!=null&&ss(O,q[x],g,E,g.sorted),B!=null&&ss(B,q[k],y,L,y.sorted),c.min=y.min,c.max=y.max}});for(let c in l){let p=l[c],
g=q[c];if(p.from==null&&(g==null||g.min==null)){let y=p.range(n,p.min==ue?null:p.min,p.max==-ue?null:p.max,c);p.min=y[0],p.max=y[1]}}}for(let c in l){let p=l[c];
if(p.from!=null){let g=l[p.from];if(g.min==null)p.min=p.max=null;else{let y=p.range(n,g.min,g.max,c);p.min=y[0],p.max=y[1]}}}let r={},d=!1;for(let c in l){let p=l[c],
g=_[c];if(g.min!=p.min||g.max!=p.max){g.min=p.min,g.max=p.max;let y=g.distr;g._min=y==3?Ht(g.min):y==4?Es(g.min,g.asinh):y==100?g.fwd(g.min):g.min,g._max=y==3?Ht(
g.max):y==4?Es(g.max,g.asinh):y==100?g.fwd(g.max):g.max,r[c]=d=!0}}if(d){S.forEach((c,p)=>{s==2?p>0&&r.y&&(c._paths=null):r[c.scale]&&(c._paths=null)});for(let c in r)
mi=!0,$e("setScale",c);Ve&&H.left>=0&&(Zt=at=!0)}for(let c in q)q[c]=null}function Xr(l){let r=Hs(De-1,0,qe-1),d=Hs(Ce+1,0,qe-1);for(;l[r]==null&&r>0;)r--;for(;l[d]==
null&&d<qe-1;)d++;return[r,d]}function ea(){if(qe>0){let l=S.some(r=>r._focus)&&Je!=_t.alpha;l&&(m.globalAlpha=Je=_t.alpha),S.forEach((r,d)=>{if(d>0&&r.show&&(hl(
d,!1),hl(d,!0),r._paths==null)){let c=Je;Je!=r.alpha&&(m.globalAlpha=Je=r.alpha);let p=s==2?[0,e[d][0].length-1]:Xr(e[d]);r._paths=r.paths(n,d,p[0],p[1]),Je!=c&&
(m.globalAlpha=Je=c)}}),S.forEach((r,d)=>{if(d>0&&r.show){let c=Je;Je!=r.alpha&&(m.globalAlpha=Je=r.alpha),r._paths!=null&&pl(d,!1);{let p=r._paths!=null?r._paths.
gaps:null,g=r.points.show(n,d,De,Ce,p),y=r.points.filter(n,d,g,p);(g||y)&&(r.points._paths=r.points.paths(n,d,De,Ce,y),pl(d,!0))}Je!=c&&(m.globalAlpha=Je=c),$e(
"drawSeries",d)}}),l&&(m.globalAlpha=Je=1)}}function hl(l,r){let d=r?S[l].points:S[l];d._stroke=d.stroke(n,l),d._fill=d.fill(n,l)}function pl(l,r){let d=r?S[l].
points:S[l],{stroke:c,fill:p,clip:g,flags:y,_stroke:x=d._stroke,_fill:k=d._fill,_width:E=d.width}=d._paths;E=he(E*oe,3);let L=null,O=E%2/2;r&&k==null&&(k=E>0?"#\
fff":x);let B=d.pxAlign==1&&O>0;if(B&&m.translate(O,O),!r){let le=Xe-E/2,ne=rt-E/2,Q=Ye+E,W=mt+E;L=new Path2D,L.rect(le,ne,Q,W)}r?ls(x,E,d.dash,d.cap,k,c,p,y,g):
ta(l,x,E,d.dash,d.cap,k,c,p,y,L,g),B&&m.translate(-O,-O)}function ta(l,r,d,c,p,g,y,x,k,E,L){let O=!1;k!=0&&Y.forEach((B,le)=>{if(B.series[0]==l){let ne=S[B.series[1]],
Q=e[B.series[1]],W=(ne._paths||ln).band;Bt(W)&&(W=B.dir==1?W[0]:W[1]);let $,ge=null;ne.show&&W&&rd(Q,De,Ce)?(ge=B.fill(n,le)||g,$=ne._paths.clip):W=null,ls(r,d,
c,p,ge,y,x,k,E,L,$,W),O=!0}}),O||ls(r,d,c,p,g,y,x,k,E,L)}let fl=Ni|qs;function ls(l,r,d,c,p,g,y,x,k,E,L,O){dl(l,r,d,c,p),(k||E||O)&&(m.save(),k&&m.clip(k),E&&m.
clip(E)),O?(x&fl)==fl?(m.clip(O),L&&m.clip(L),gn(p,y),mn(l,g,r)):x&qs?(gn(p,y),m.clip(O),mn(l,g,r)):x&Ni&&(m.save(),m.clip(O),L&&m.clip(L),gn(p,y),m.restore(),mn(
l,g,r)):(gn(p,y),mn(l,g,r)),(k||E||O)&&m.restore()}function mn(l,r,d){d>0&&(r instanceof Map?r.forEach((c,p)=>{m.strokeStyle=fn=p,m.stroke(c)}):r!=null&&l&&m.stroke(
r))}function gn(l,r){r instanceof Map?r.forEach((d,c)=>{m.fillStyle=yi=c,m.fill(d)}):r!=null&&l&&m.fill(r)}function ia(l,r,d,c){let p=z[l],g;if(c<=0)g=[0,0];else{
let y=p._space=p.space(n,l,r,d,c),x=p._incrs=p.incrs(n,l,r,d,c,y);g=Lc(r,d,x,c,y)}return p._found=g}function os(l,r,d,c,p,g,y,x,k,E){let L=y%2/2;C==1&&m.translate(
L,L),dl(x,y,k,E,x),m.beginPath();let O,B,le,ne,Q=p+(c==0||c==3?-g:g);d==0?(B=p,ne=Q):(O=p,le=Q);for(let W=0;W<l.length;W++)r[W]!=null&&(d==0?O=le=l[W]:B=ne=l[W],
m.moveTo(O,B),m.lineTo(le,ne));m.stroke(),C==1&&m.translate(-L,-L)}function na(l){let r=!0;return z.forEach((d,c)=>{if(!d.show)return;let p=_[d.scale];if(p.min==
null){d._show&&(r=!1,d._show=!1,xi(!1));return}else d._show||(r=!1,d._show=!0,xi(!1));let g=d.side,y=g%2,{min:x,max:k}=p,[E,L]=ia(c,x,k,y==0?K:A);if(L==0)return;
let O=p.distr==2,B=d._splits=d.splits(n,c,x,k,E,L,O),le=p.distr==2?B.map($=>gt[$]):B,ne=p.distr==2?gt[B[1]]-gt[B[0]]:E,Q=d._values=d.values(n,d.filter(n,le,c,L,
ne),c,L,ne);d._rotate=g==2?d.rotate(n,Q,c,L):0;let W=d._size;d._size=pt(d.size(n,Q,c,l)),W!=null&&d._size!=W&&(r=!1)}),r}function sa(l){let r=!0;return rl.forEach(
(d,c)=>{let p=d(n,c,Xt,l);p!=zt[c]&&(r=!1),zt[c]=p}),r}function la(){for(let l=0;l<z.length;l++){let r=z[l];if(!r.show||!r._show)continue;let d=r.side,c=d%2,p,g,
y=r.stroke(n,l),x=d==0||d==3?-1:1,[k,E]=r._found;if(r.label!=null){let Ge=r.labelGap*x,it=Pe((r._lpos+Ge)*oe);cl(r.labelFont[0],y,"center",d==2?"top":eo),m.save(),
c==1?(p=g=0,m.translate(it,Pe(rt+mt/2)),m.rotate((d==3?-On:On)/2)):(p=Pe(Xe+Ye/2),g=it);let ii=Bo(r.label)?r.label(n,l,k,E):r.label;m.fillText(ii,p,g),m.restore()}
if(E==0)continue;let L=_[r.scale],O=c==0?Ye:mt,B=c==0?Xe:rt,le=r._splits,ne=L.distr==2?le.map(Ge=>gt[Ge]):le,Q=L.distr==2?gt[le[1]]-gt[le[0]]:k,W=r.ticks,$=r.border,
ge=W.show?W.size:0,ke=Pe(ge*oe),Ne=Pe((r.alignTo==2?r._size-ge-r.gap:r.gap)*oe),ce=r._rotate*-On/180,Se=F(r._pos*oe),et=(ke+Ne)*x,Be=Se+et;g=c==0?Be:0,p=c==1?Be:
0;let ct=r.font[0],bt=r.align==1?Oi:r.align==2?_s:ce>0?Oi:ce<0?_s:c==0?"center":d==3?_s:Oi,Et=ce||c==1?"middle":d==2?"top":eo;cl(ct,y,bt,Et);let tt=r.font[1]*r.
lineGap,ut=le.map(Ge=>F(u(Ge,L,O,B))),vt=r._values;for(let Ge=0;Ge<vt.length;Ge++){let it=vt[Ge];if(it!=null){c==0?p=ut[Ge]:g=ut[Ge],it=""+it;let ii=it.indexOf(
`
`)==-1?[it]:it.split(/\n/gm);for(let Ue=0;Ue<ii.length;Ue++){let Cl=ii[Ue];ce?(m.save(),m.translate(p,g+Ue*tt),m.rotate(ce),m.fillText(Cl,0,0),m.restore()):m.fillText(
Cl,p,g+Ue*tt)}}}W.show&&os(ut,W.filter(n,ne,l,E,Q),c,d,Se,ke,he(W.width*oe,3),W.stroke(n,l),W.dash,W.cap);let Lt=r.grid;Lt.show&&os(ut,Lt.filter(n,ne,l,E,Q),c,c==
0?2:1,c==0?rt:Xe,c==0?mt:Ye,he(Lt.width*oe,3),Lt.stroke(n,l),Lt.dash,Lt.cap),$.show&&os([Se],[1],c==0?1:0,c==0?1:2,c==1?rt:Xe,c==1?mt:Ye,he($.width*oe,3),$.stroke(
n,l),$.dash,$.cap)}$e("drawAxes")}function xi(l){S.forEach((r,d)=>{d>0&&(r._paths=null,l&&(s==1?(r.min=null,r.max=null):r.facets.forEach(c=>{c.min=null,c.max=null})))})}
let bn=!1,rs=!1,Gi=[];function oa(){rs=!1;for(let l=0;l<Gi.length;l++)$e(...Gi[l]);Gi.length=0}function ki(){bn||(xd(ml),bn=!0)}function ra(l,r=!1){bn=!0,rs=r,l(
n),ml(),r&&Gi.length>0&&queueMicrotask(oa)}n.batch=ra;function ml(){if(jn&&(Qr(),jn=!1),mi&&(Gr(),mi=!1),un){if(be(M,Oi,pe),be(M,"top",Le),be(M,en,K),be(M,tn,A),
be(P,Oi,pe),be(P,"top",Le),be(P,en,K),be(P,tn,A),be(v,en,Dt),be(v,tn,jt),w.width=Pe(Dt*oe),w.height=Pe(jt*oe),z.forEach(({_el:l,_show:r,_size:d,_pos:c,side:p})=>{
if(l!=null)if(r){let g=p===3||p===0?d:0,y=p%2==1;be(l,y?"left":"top",c-g),be(l,y?"width":"height",d),be(l,y?"top":"left",y?Le:pe),be(l,y?"height":"width",y?A:K),
Cs(l,ri)}else nt(l,ri)}),fn=yi=Zn=Xn=es=ts=is=ns=Qn=null,Je=1,ji(!0),pe!=fi||Le!=Yt||K!=St||A!=Jt){xi(!1);let l=K/St,r=A/Jt;if(Ve&&!Zt&&H.left>=0){H.left*=l,H.top*=
r,Si&&At(Si,Pe(H.left),0,K,A),_i&&At(_i,0,Pe(H.top),K,A);for(let d=0;d<dt.length;d++){let c=dt[d];c!=null&&(vi[d]*=l,wi[d]*=r,At(c,pt(vi[d]),pt(wi[d]),K,A))}}if(me.
show&&!hn&&me.left>=0&&me.width>0){me.left*=l,me.width*=l,me.top*=r,me.height*=r;for(let d in ps)be(Ei,d,me[d])}fi=pe,Yt=Le,St=K,Jt=A}$e("setSize"),un=!1}Dt>0&&
jt>0&&(m.clearRect(0,0,w.width,w.height),$e("drawClear"),U.forEach(l=>l()),$e("draw")),me.show&&hn&&(vn(me),hn=!1),Ve&&Zt&&(ti(null,!0,!1),Zt=!1),Z.show&&Z.live&&
at&&(us(),at=!1),h||(h=!0,n.status=1,$e("ready")),Bi=!1,bn=!1}n.redraw=(l,r)=>{mi=r||!1,l!==!1?Wt(D,T.min,T.max):ki()};function as(l,r){let d=_[l];if(d.from==null){
if(qe==0){let c=d.range(n,r.min,r.max,l);r.min=c[0],r.max=c[1]}if(r.min>r.max){let c=r.min;r.min=r.max,r.max=c}if(qe>1&&r.min!=null&&r.max!=null&&r.max-r.min<1e-16)
return;l==D&&d.distr==2&&qe>0&&(r.min=yt(r.min,e[0]),r.max=yt(r.max,e[0]),r.min==r.max&&r.max++),q[l]=r,jn=!0,ki()}}n.setScale=as;let ds,cs,Si,_i,gl,bl,Ti,Mi,vl,
wl,fe,ye,Ft=!1,ze=H.drag,Re=ze.x,He=ze.y;Ve&&(H.x&&(ds=ht(Ga,P)),H.y&&(cs=ht(Ua,P)),T.ori==0?(Si=ds,_i=cs):(Si=cs,_i=ds),fe=H.left,ye=H.top);let me=n.select=Me(
{show:!0,over:!0,left:0,width:0,top:0,height:0},i.select),Ei=me.show?ht(Ba,me.over?P:M):null;function vn(l,r){if(me.show){for(let d in l)me[d]=l[d],d in ps&&be(
Ei,d,l[d]);r!==!1&&$e("setSelect")}}n.setSelect=vn;function aa(l){if(S[l].show)Ee&&Cs(xe[l],ri);else if(Ee&&nt(xe[l],ri),Ve){let d=bi?dt[0]:dt[l];d!=null&&At(d,
-10,-10,K,A)}}function Wt(l,r,d){as(l,{min:r,max:d})}function Tt(l,r,d,c){r.focus!=null&&pa(l),r.show!=null&&S.forEach((p,g)=>{g>0&&(l==g||l==null)&&(p.show=r.show,
aa(g),s==2?(Wt(p.facets[0].scale,null,null),Wt(p.facets[1].scale,null,null)):Wt(p.scale,null,null),ki())}),d!==!1&&$e("setSeries",l,r),c&&Yi("setSeries",n,l,r)}
n.setSeries=Tt;function da(l,r){Me(Y[l],r)}function ca(l,r){l.fill=ee(l.fill||null),l.dir=se(l.dir,-1),r=r??Y.length,Y.splice(r,0,l)}function ua(l){l==null?Y.length=
0:Y.splice(l,1)}n.addBand=ca,n.setBand=da,n.delBand=ua;function ha(l,r){S[l].alpha=r,Ve&&dt[l]!=null&&(dt[l].style.opacity=r),Ee&&xe[l]&&(xe[l].style.opacity=r)}
let Ct,Vt,ei,Li={focus:!0};function pa(l){if(l!=ei){let r=l==null,d=_t.alpha!=1;S.forEach((c,p)=>{if(s==1||p>0){let g=r||p==0||p==l;c._focus=r?null:g,d&&ha(p,g?
1:_t.alpha)}}),ei=l,d&&ki()}}Ee&&gi&&Ie(so,re,l=>{H._lock||(Qt(l),ei!=null&&Tt(null,Li,!0,Te.setSeries))});function Mt(l,r,d){let c=_[r];d&&(l=l/oe-(c.ori==1?Le:
pe));let p=K;c.ori==1&&(p=A,l=p-l),c.dir==-1&&(l=p-l);let g=c._min,y=c._max,x=l/p,k=g+(y-g)*x,E=c.distr;return E==3?Ri(10,k):E==4?dd(k,c.asinh):E==100?c.bwd(k):
k}function fa(l,r){let d=Mt(l,D,r);return yt(d,e[0],De,Ce)}n.valToIdx=l=>yt(l,e[0]),n.posToIdx=fa,n.posToVal=Mt,n.valToPos=(l,r,d)=>_[r].ori==0?o(l,_[r],d?Ye:K,
d?Xe:0):a(l,_[r],d?mt:A,d?rt:0),n.setCursor=(l,r,d)=>{fe=l.left,ye=l.top,ti(null,r,d)};function yl(l,r){be(Ei,Oi,me.left=l),be(Ei,en,me.width=r)}function xl(l,r){
be(Ei,"top",me.top=l),be(Ei,tn,me.height=r)}let Ui=T.ori==0?yl:xl,Ki=T.ori==1?yl:xl;function ma(){if(Ee&&Z.live)for(let l=s==2?1:0;l<S.length;l++){if(l==0&&ot)continue;
let r=Z.values[l],d=0;for(let c in r)kt[l][d++].firstChild.nodeValue=r[c]}}function us(l,r){if(l!=null&&(l.idxs?l.idxs.forEach((d,c)=>{de[c]=d}):pd(l.idx)||de.fill(
l.idx),Z.idx=de[0]),Ee&&Z.live){for(let d=0;d<S.length;d++)(d>0||s==1&&!ot)&&ga(d,de[d]);ma()}at=!1,r!==!1&&$e("setLegend")}n.setLegend=us;function ga(l,r){let d=S[l],
c=l==0&&j==2?gt:e[l],p;ot?p=d.values(n,l,r)??qt:(p=d.value(n,r==null?null:c[r],l,r),p=p==null?qt:{_:p}),Z.values[l]=p}function ti(l,r,d){vl=fe,wl=ye,[fe,ye]=H.move(
n,fe,ye),H.left=fe,H.top=ye,Ve&&(Si&&At(Si,Pe(fe),0,K,A),_i&&At(_i,0,Pe(ye),K,A));let c,p=De>Ce;Ct=ue,Vt=null;let g=T.ori==0?K:A,y=T.ori==1?K:A;if(fe<0||qe==0||
p){c=H.idx=null;for(let x=0;x<S.length;x++){let k=dt[x];k!=null&&At(k,-10,-10,K,A)}gi&&Tt(null,Li,!0,l==null&&Te.setSeries),Z.live&&(de.fill(c),at=!0)}else{let x,
k,E;s==1&&(x=T.ori==0?fe:ye,k=Mt(x,D),c=H.idx=yt(k,e[0],De,Ce),E=R(e[0][c],T,g,0));let L=-10,O=-10,B=0,le=0,ne=!0,Q="",W="";for(let $=s==2?1:0;$<S.length;$++){let ge=S[$],
ke=de[$],Ne=ke==null?null:s==1?e[$][ke]:e[$][1][ke],ce=H.dataIdx(n,$,c,k),Se=ce==null?null:s==1?e[$][ce]:e[$][1][ce];if(at=at||Se!=Ne||ce!=ke,de[$]=ce,$>0&&ge.show){
let et=ce==null?-10:ce==c?E:R(s==1?e[0][ce]:e[$][0][ce],T,g,0),Be=Se==null?-10:I(Se,s==1?_[ge.scale]:_[ge.facets[1].scale],y,0);if(gi&&Se!=null){let ct=T.ori==1?
fe:ye,bt=Ae(_t.dist(n,$,ce,Be,ct));if(bt<Ct){let Et=_t.bias;if(Et!=0){let tt=Mt(ct,ge.scale),ut=Se>=0?1:-1,vt=tt>=0?1:-1;vt==ut&&(vt==1?Et==1?Se>=tt:Se<=tt:Et==
1?Se<=tt:Se>=tt)&&(Ct=bt,Vt=$)}else Ct=bt,Vt=$}}if(at||bi){let ct,bt;T.ori==0?(ct=et,bt=Be):(ct=Be,bt=et);let Et,tt,ut,vt,Lt,Ge,it=!0,ii=Fe.bbox;if(ii!=null){it=
!1;let Ue=ii(n,$);ut=Ue.left,vt=Ue.top,Et=Ue.width,tt=Ue.height}else ut=ct,vt=bt,Et=tt=Fe.size(n,$);if(Ge=Fe.fill(n,$),Lt=Fe.stroke(n,$),bi)$==Vt&&Ct<=_t.prox&&
(L=ut,O=vt,B=Et,le=tt,ne=it,Q=Ge,W=Lt);else{let Ue=dt[$];Ue!=null&&(vi[$]=ut,wi[$]=vt,ho(Ue,Et,tt,it),co(Ue,Ge,Lt),At(Ue,pt(ut),pt(vt),K,A))}}}}if(bi){let $=_t.
prox,ge=ei==null?Ct<=$:Ct>$||Vt!=ei;if(at||ge){let ke=dt[0];ke!=null&&(vi[0]=L,wi[0]=O,ho(ke,B,le,ne),co(ke,Q,W),At(ke,pt(L),pt(O),K,A))}}}if(me.show&&Ft)if(l!=
null){let[x,k]=Te.scales,[E,L]=Te.match,[O,B]=l.cursor.sync.scales,le=l.cursor.drag;if(Re=le._x,He=le._y,Re||He){let{left:ne,top:Q,width:W,height:$}=l.select,ge=l.
scales[O].ori,ke=l.posToVal,Ne,ce,Se,et,Be,ct=x!=null&&E(x,O),bt=k!=null&&L(k,B);ct&&Re?(ge==0?(Ne=ne,ce=W):(Ne=Q,ce=$),Se=_[x],et=R(ke(Ne,O),Se,g,0),Be=R(ke(Ne+
ce,O),Se,g,0),Ui(xt(et,Be),Ae(Be-et))):Ui(0,g),bt&&He?(ge==1?(Ne=ne,ce=W):(Ne=Q,ce=$),Se=_[k],et=I(ke(Ne,B),Se,y,0),Be=I(ke(Ne+ce,B),Se,y,0),Ki(xt(et,Be),Ae(Be-
et))):Ki(0,y)}else fs()}else{let x=Ae(vl-gl),k=Ae(wl-bl);if(T.ori==1){let B=x;x=k,k=B}Re=ze.x&&x>=ze.dist,He=ze.y&&k>=ze.dist;let E=ze.uni;E!=null?Re&&He&&(Re=x>=
E,He=k>=E,!Re&&!He&&(k>x?He=!0:Re=!0)):ze.x&&ze.y&&(Re||He)&&(Re=He=!0);let L,O;Re&&(T.ori==0?(L=Ti,O=fe):(L=Mi,O=ye),Ui(xt(L,O),Ae(O-L)),He||Ki(0,y)),He&&(T.ori==
1?(L=Ti,O=fe):(L=Mi,O=ye),Ki(xt(L,O),Ae(O-L)),Re||Ui(0,g)),!Re&&!He&&(Ui(0,0),Ki(0,0))}if(ze._x=Re,ze._y=He,l==null){if(d){if(Dl!=null){let[x,k]=Te.scales;Te.values[0]=
x!=null?Mt(T.ori==0?fe:ye,x):null,Te.values[1]=k!=null?Mt(T.ori==1?fe:ye,k):null}Yi(Ts,n,fe,ye,K,A,c)}if(gi){let x=d&&Te.setSeries,k=_t.prox;ei==null?Ct<=k&&Tt(
Vt,Li,!0,x):Ct>k?Tt(null,Li,!0,x):Vt!=ei&&Tt(Vt,Li,!0,x)}}at&&(Z.idx=c,us()),r!==!1&&$e("setCursor")}let It=null;Object.defineProperty(n,"rect",{get(){return It==
null&&ji(!1),It}});function ji(l=!1){l?It=null:(It=P.getBoundingClientRect(),$e("syncRect",It))}function kl(l,r,d,c,p,g,y){H._lock||Ft&&l!=null&&l.movementX==0&&
l.movementY==0||(hs(l,r,d,c,p,g,y,!1,l!=null),l!=null?ti(null,!0,!0):ti(r,!0,!1))}function hs(l,r,d,c,p,g,y,x,k){if(It==null&&ji(!1),Qt(l),l!=null)d=l.clientX-It.
left,c=l.clientY-It.top;else{if(d<0||c<0){fe=-10,ye=-10;return}let[E,L]=Te.scales,O=r.cursor.sync,[B,le]=O.values,[ne,Q]=O.scales,[W,$]=Te.match,ge=r.axes[0].side%
2==1,ke=T.ori==0?K:A,Ne=T.ori==1?K:A,ce=ge?g:p,Se=ge?p:g,et=ge?c:d,Be=ge?d:c;if(ne!=null?d=W(E,ne)?u(B,_[E],ke,0):-10:d=ke*(et/ce),Q!=null?c=$(L,Q)?u(le,_[L],Ne,
0):-10:c=Ne*(Be/Se),T.ori==1){let ct=d;d=c,c=ct}}k&&(r==null||r.cursor.event.type==Ts)&&((d<=1||d>=K-1)&&(d=li(d,K)),(c<=1||c>=A-1)&&(c=li(c,A))),x?(gl=d,bl=c,[
Ti,Mi]=H.move(n,d,c)):(fe=d,ye=c)}let ps={width:0,height:0,left:0,top:0};function fs(){vn(ps,!1)}let Sl,_l,Tl,Ml;function El(l,r,d,c,p,g,y){Ft=!0,Re=He=ze._x=ze.
_y=!1,hs(l,r,d,c,p,g,y,!0,!1),l!=null&&(Ie(Ms,Os,Ll,!1),Yi(io,n,Ti,Mi,K,A,null));let{left:x,top:k,width:E,height:L}=me;Sl=x,_l=k,Tl=E,Ml=L}function Ll(l,r,d,c,p,g,y){
Ft=ze._x=ze._y=!1,hs(l,r,d,c,p,g,y,!1,!0);let{left:x,top:k,width:E,height:L}=me,O=E>0||L>0,B=Sl!=x||_l!=k||Tl!=E||Ml!=L;if(O&&B&&vn(me),ze.setScale&&O&&B){let le=x,
ne=E,Q=k,W=L;if(T.ori==1&&(le=k,ne=L,Q=x,W=E),Re&&Wt(D,Mt(le,D),Mt(le+ne,D)),He)for(let $ in _){let ge=_[$];$!=D&&ge.from==null&&ge.min!=ue&&Wt($,Mt(Q+W,$),Mt(Q,
$))}fs()}else H.lock&&(H._lock=!H._lock,ti(r,!0,l!=null));l!=null&&(pi(Ms,Os),Yi(Ms,n,fe,ye,K,A,null))}function ba(l,r,d,c,p,g,y){if(H._lock)return;Qt(l);let x=Ft;
if(Ft){let k=!0,E=!0,L=10,O,B;T.ori==0?(O=Re,B=He):(O=He,B=Re),O&&B&&(k=fe<=L||fe>=K-L,E=ye<=L||ye>=A-L),O&&k&&(fe=fe<Ti?0:K),B&&E&&(ye=ye<Mi?0:A),ti(null,!0,!0),
Ft=!1}fe=-10,ye=-10,de.fill(null),ti(null,!0,!0),x&&(Ft=x)}function Pl(l,r,d,c,p,g,y){H._lock||(Qt(l),Jn(),fs(),l!=null&&Yi(lo,n,fe,ye,K,A,null))}function Al(){
z.forEach(Pc),Yn(n.width,n.height,!0)}ai(Dn,Ci,Al);let Pi={};Pi.mousedown=El,Pi.mousemove=kl,Pi.mouseup=Ll,Pi.dblclick=Pl,Pi.setSeries=(l,r,d,c)=>{let p=Te.match[2];
d=p(n,r,d),d!=-1&&Tt(d,c,!0,!1)},Ve&&(Ie(io,P,El),Ie(Ts,P,kl),Ie(no,P,l=>{Qt(l),ji(!1)}),Ie(so,P,ba),Ie(lo,P,Pl),zs.add(n),n.syncRect=ji);let wn=n.hooks=i.hooks||
{};function $e(l,r,d){rs?Gi.push([l,r,d]):l in wn&&wn[l].forEach(c=>{c.call(null,n,r,d)})}(i.plugins||[]).forEach(l=>{for(let r in l.hooks)wn[r]=(wn[r]||[]).concat(
l.hooks[r])});let Ol=(l,r,d)=>d,Te=Me({key:null,setSeries:!1,filters:{pub:bo,sub:bo},scales:[D,S[1]?S[1].scale:null],match:[vo,vo,Ol],values:[null,null]},H.sync);
Te.match.length==2&&Te.match.push(Ol),H.sync=Te;let Dl=Te.key,ms=fr(Dl);function Yi(l,r,d,c,p,g,y){Te.filters.pub(l,r,d,c,p,g,y)&&ms.pub(l,r,d,c,p,g,y)}ms.sub(n);
function va(l,r,d,c,p,g,y){Te.filters.sub(l,r,d,c,p,g,y)&&Pi[l](null,r,d,c,p,g,y)}n.pub=va;function wa(){ms.unsub(n),zs.delete(n),Kt.clear(),Rs(Dn,Ci,Al),f.remove(),
re?.remove(),$e("destroy")}n.destroy=wa;function gs(){$e("init",i,e),al(e||i.data,!1),q[D]?as(D,q[D]):Jn(),hn=me.show&&(me.width>0||me.height>0),Zt=at=!0,Yn(i.width,
i.height)}return S.forEach(ol),z.forEach(Zr),t?t instanceof HTMLElement?(t.appendChild(f),gs()):t(n,gs):gs(),n}Oe.assign=Me;Oe.fmtNum=Us;Oe.rangeNum=Cn;Oe.rangeLog=
$n;Oe.rangeAsinh=Bs;Oe.orient=ci;Oe.pxRatio=oe;Oe.join=yd;Oe.fmtDate=js,Oe.tzDate=Od;Oe.sync=fr;{Oe.addGap=pc,Oe.clipGaps=zn;let i=Oe.paths={points:yr};i.linear=
kr,i.stepped=gc,i.bars=bc,i.spline=wc}function Ze(i){return i<1e3?`${Math.round(i)} ms`:`${(i/1e3).toFixed(1)} s`}function Mr(i,e){let t=(e-i)/2.2,n=10**Math.floor(Math.log10(t)),s=([1,2,2.5,5].findLast(a=>a*n<=t)??1)*n,o=[];for(let a=Math.ceil(i/s)*s;a<=e;a+=s)o.push(a);return o}var Ac=400,Oc=260,Er=4,Dc=["--loopai-s1","--loopai-s2","--loopai-s3","--loopai-s4","--loopai-s5","--loopai-s6"],rn=class{element;legend=b("ul",{class:"legend"});data=null;canvas=b(
"div",{class:"canvas",role:"img"});tip=b("div",{class:"tip",hidden:!0,"aria-hidden":"true"});nothing=b("p",{class:"nothing loopai-quiet",hidden:!0});table=b("di\
v",{class:"numbers",hidden:!0});tableButton;note=b("span",{class:"note loopai-quiet"});sizes=new ResizeObserver(()=>this.resize());themes=new MutationObserver(()=>window.
setTimeout(()=>this.recolour(),Ac));plot=null;drawn="";clicked=0;held=!1;late=!1;constructor(e,t){this.tableButton=_e("Table",()=>this.turn(),{class:"loopai-pla\
in"}),this.tableButton.setAttribute("aria-pressed","false"),this.tableButton.setAttribute("aria-label",`${e} as a table`),this.element=b("figure",{class:`figure\
 ${t}`},b("figcaption",{},b("h4",{},e),this.note,this.tableButton),this.legend,b("div",{class:"stage"},this.canvas,this.tip,this.nothing),this.table),this.sizes.
observe(this.canvas),this.themes.observe(document.body,{attributes:!0,attributeFilter:["data-jp-theme-light","class"]})}show(e){if(this.data=e,this.held){this.late=
!0;return}let t=this.nothingOf(e);this.nothing.textContent=t,this.nothing.hidden=t==="",this.canvas.classList.toggle("bare",t!==""),this.canvas.setAttribute("ar\
ia-label",this.inWords(e)),this.note.textContent=this.noteOf(e),this.draw(),this.fillTable()}close(){this.sizes.disconnect(),this.themes.disconnect(),window.clearTimeout(
this.clicked),this.plot?.destroy(),this.plot=null}drags=!0;colours(){let e=b("span",{hidden:!0});this.canvas.append(e);let t=s=>(e.style.color=`var(${s})`,getComputedStyle(
e).color),n={ink:t("--loopai-quiet"),rule:t("--loopai-line"),paper:t("--loopai-paper"),accent:t("--loopai-accent"),series:Dc.map(t)};return e.remove(),n}get height(){
return this.canvas.clientHeight}draw(){let e=this.canvas.clientWidth;if(this.data===null||e===0)return;let t=this.colours(),{options:n,data:s,shape:o}=this.plotted(
this.data,t),a=JSON.stringify([o,t]);if(this.plot!==null&&a===this.drawn){this.plot.setData(s),(this.plot.width!==e||this.plot.height!==this.height)&&this.plot.
setSize({width:e,height:this.height});return}this.plot?.destroy(),this.drawn=a;let u=n.hooks??{};this.plot=new Oe({...n,width:e,height:this.height,legend:{show:!1},
cursor:{x:!0,y:!1,points:{show:!1},drag:{x:this.drags,y:!1,setScale:!1,dist:Er},bind:{dblclick:()=>()=>this.double()}},hooks:{...u,setCursor:[h=>this.point(h)],
setSelect:[h=>this.select(h)],ready:[h=>this.listen(h)]}},s,this.canvas)}listen(e){return e.over.addEventListener("mousedown",()=>{this.held=!0;let t=()=>{this.
held=!1,this.late&&this.data!==null&&(this.late=!1,this.show(this.data))};document.addEventListener("mouseup",()=>window.setTimeout(t),{once:!0})}),e.over.addEventListener(
"click",t=>{window.clearTimeout(this.clicked);let[n,s]=[e.cursor.left??-1,e.cursor.top??-1];if(t.detail>1||n<0)return;let[o,a]=[this.indexAt(e,n),e.posToVal(s,"\
y")];this.clicked=window.setTimeout(()=>{this.data!==null&&o!==null&&this.pressed(this.data,o,a)},Oc)}),e.over.addEventListener("mouseleave",()=>{this.tip.hidden=
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
"table",{},b("thead",{},b("tr",{},...e.map(s=>b("th",{scope:"col"},s)))),b("tbody",{},...n)))}};var Cc=8,Lr=5,Cr=11,Rc=5,Rr=Oe.paths.bars,In=class{places=new Map;place(e){if(e===null)return Lr;let t=this.places.get(e);if(t!==void 0)return t;let n=new Set(this.
places.values()),s=[0,1,2,3,4].find(o=>!n.has(o))??this.places.size%Lr;return this.places.set(e,s),s}};function Wi({since_ms:i,until_ms:e,step_ms:t}){let n=[];for(let s=Math.
floor(i/t)*t;s<e;s+=t)n.push(s);return n}function Hr(i,e,t,n){let s=new Map(e.map((o,a)=>[o,t[a]]));return i.map(o=>s.get(o)??n)}function Hc(){return`${Cr}px ${getComputedStyle(
document.body).fontFamily}`}function tl(i,e,t){let n={stroke:i.rule,width:1},s={stroke:i.ink,font:Hc()};return[{...s,size:30,gap:4,grid:{show:!1},ticks:{...n,size:4},
...e},{...s,size:52,gap:6,grid:n,ticks:{show:!1},splits:(o,a,u,h)=>Mr(u,h),...t}]}function $r(i){return{space:64,values:(e,t)=>Fl(t,i)}}function Nr({since_ms:i,
until_ms:e,step_ms:t}){return[Math.floor(i/t)*t/1e3,e/1e3]}var Bn=class extends rn{constructor(t,n,s){super(t,n);this.state=s}state;dragged(t,n,s){let o=t.step_ms,
a=Math.floor(n*1e3/o)*o,u=Math.ceil(s*1e3/o)*o;this.state.range(a,Math.min(u,Math.max(t.until_ms,a+o)))}twice(){this.state.back()}open(t,n,s){this.state.showRequests(
{},{last:null,since_ms:n,until_ms:n+t.step_ms,...s===null?{}:{model:s}})}noteOf(){return""}},an=class extends Bn{constructor(t,n,s,o){super(t,"stack",n);this.palette=
s;this.what=o}palette;what;show(t){super.show(t);let n=this.colours(),s=t.series.groups.length===1?this.state.scope.model:null;this.legend.replaceChildren(...t.
series.groups.map(o=>{let a=b("i",{"aria-hidden":"true"});if(a.style.background=n.series[this.palette.place(o.name)],o.name===null)return b("li",{},a,o.shown);let u=_e(
o.shown,()=>this.state.change({model:s===null?o.name:null}),{class:"loopai-link",title:s===null?`Only ${o.shown}`:"All models"});return b("li",{},a,u)}))}plotted(t,n){
let s=Wi(t),o=t.series.groups,a=s.map(()=>0),u=o.map(m=>{let v=Hr(s,t.series.times_ms,m[this.what],0);return a=a.map((M,P)=>M+v[P]),a}),h=o.map(m=>this.palette.
place(m.name)).reverse(),f=this.what==="requests"?Sn:ql,w=Rr({size:[.86,46],align:1,radius:0});return{shape:JSON.stringify([h,t.step_ms]),data:[s.map(m=>m/1e3),
...u.reverse()],options:{padding:[8,8,0,0],scales:{x:{time:!0,range:()=>Nr(this.data??t)},y:{range:(m,v,M)=>[0,this.top(M)]}},axes:tl(n,$r(t.step_ms),{values:(m,v)=>v.
map(f)}),series:[{},...h.map(m=>({fill:n.series[m],stroke:n.paper,width:this.wide(s.length)?1:0,paths:w,points:{show:!1}}))]}}}nothingOf(t){return t.series.groups.
length===0?"Nothing was asked in this time.":this.what==="cost_usd"&&t.series.groups.every(n=>n.cost_usd.every(s=>s===0))?"Nothing was paid in this time, as far\
 as prices are known.":""}inWords(t){let n=t.series.groups.map(o=>`${o.shown} ${this.said(o[this.what].reduce((a,u)=>a+u,0))}`);return`${this.what==="requests"?
"Requests":"Cost"} over time, ${si(t.since_ms,t.until_ms)}: ${n.join(", ")||"nothing"}`}tableOf(t){let{times_ms:n,groups:s}=t.series;return{head:["time",...s.map(
o=>o.shown)],rows:n.map((o,a)=>({cells:[si(o,o+t.step_ms),...s.map(u=>this.said(u[this.what][a]))],press:()=>this.open(t,o,null)}))}}pointed(t,n){let s=Wi(t)[n],
o=t.series.times_ms.indexOf(s),a=si(s,s+t.step_ms);if(o<0)return{title:a,lines:[[null,"nothing",""]]};let u=this.colours(),h=t.series.groups.map(f=>[u.series[this.
palette.place(f.name)],f.shown,f[this.what][o]]).filter(([,,f])=>f>0).reverse().slice(0,Cc);return{title:a,lines:h.map(([f,w,m])=>[f,w,this.said(m)])}}pressed(t,n,s){
let o=Wi(t)[n],a=t.series.times_ms.indexOf(o);if(a<0)return;let u=0,h=t.series.groups.find(f=>s<=(u+=f[this.what][a]));this.open(t,o,h?.name??null)}said(t){return this.
what==="requests"?Rt(t):`${Nl(t)} USD`}top(t){return this.what==="requests"?Math.max(1,t*1.06):Math.max(1e-9,t*1.06)}wide(t){return this.element.clientWidth/Math.
max(1,t)>Rc}},Ut=[["p50_ms","p50","--loopai-s1",[]],["p95_ms","p95","--loopai-s2",[6,3]],["p99_ms","p99","--loopai-s4",[2,3]]],Pr=[0,1,3],Ar=40,Gn=class extends Bn{constructor(e){
super("Latency over time","percentiles",e),this.legend.append(...Ut.map(([,t])=>b("li",{},b("i",{class:`line ${t}`,"aria-hidden":"true"}),t)))}plotted(e,t){let n=Wi(
e),{times_ms:s}=e.latency,o=Ut.map(([w])=>Hr(n,s,e.latency[w],null).map(Or)),a=e.step_ms/2,u=Ut.flatMap(([w])=>e.latency[w]).flatMap(w=>Or(w)??[]),h=Math.min(...u)-
.08,f=Math.max(...u,h+.3)+.05;return{shape:JSON.stringify([e.step_ms,s.length<Ar,h,f]),data:[n.map(w=>(w+a)/1e3),...o],options:{padding:[8,8,0,0],scales:{x:{time:!0,
range:()=>Nr(this.data??e)},y:{range:()=>[h,f]}},axes:tl(t,$r(e.step_ms),{splits:w=>zr(h,f,w.height/28),values:(w,m)=>m.map(v=>qr(10**v))}),series:[{},...Ut.map(
([,w,,m],v)=>{let M=t.series[Pr[v]];return{label:w,stroke:M,width:1.75,dash:[...m],spanGaps:!1,points:{show:s.length<Ar,size:4,fill:M,stroke:M}}})]}}}noteOf(){return this.
data!==null&&this.data.latency.times_ms.length>0?"logarithmic":""}nothingOf(e){return e.latency.times_ms.length===0?"No answer came in this time.":""}inWords(e){
let{p50_ms:t,p95_ms:n,p99_ms:s}=e.spread;return t===null||n===null||s===null?"Latency over time: no answer":`Latency over time, ${si(e.since_ms,e.until_ms)}: in\
 all p50 ${Ze(t)}, p95 ${Ze(n)}, p99 ${Ze(s)}`}tableOf(e){return{head:["time",...Ut.map(([,t])=>t)],rows:e.latency.times_ms.map((t,n)=>({cells:[si(t,t+e.step_ms),
...Ut.map(([s])=>Dr(e.latency[s][n]))],press:()=>this.open(e,t,null)}))}}pointed(e,t){let s=Wi(e)[t];if(s===void 0)return{title:"",lines:[]};let o=e.latency.times_ms.
indexOf(s),a=si(s,s+e.step_ms);if(o<0)return{title:a,lines:[[null,"no answer",""]]};let u=this.colours();return{title:a,lines:Ut.map(([h,f],w)=>[u.series[Pr[w]],
f,Dr(e.latency[h][o])])}}pressed(e,t){let n=Wi(e)[t];n!==void 0&&e.latency.times_ms.includes(n)&&this.state.showRequests({order:"latency",descending:!0},{last:null,
since_ms:n,until_ms:n+e.step_ms})}};function qr(i){return i<1e3?Ze(i):`${Number((i/1e3).toPrecision(3))} s`}function Or(i){return i===null?null:Math.log10(Math.
max(.01,i))}function Dr(i){return i==null?"–":Ze(i)}var Un=class extends rn{constructor(t){super("How long answers take","distribution");this.state=t}state;drags=!1;plotted(t,n){
let{from_ms:s,to_ms:o,count:a}=t.spread,u=Math.log10(Math.max(.01,s[0]??1)),h=Math.log10(o.at(-1)??10),f=(h-u)/Math.max(1,a.length),w=Rr({size:[.92,60],align:1,
radius:0});return{shape:JSON.stringify([a.length,u,h]),data:[a.map((m,v)=>u+v*f),a],options:{padding:[18,12,0,0],scales:{x:{time:!1,range:()=>[u,h]},y:{range:(m,v,M)=>[
0,Math.max(1,M*1.06)]}},axes:tl(n,{space:48,splits:m=>zr(u,h,m.width/64),values:(m,v)=>v.map(M=>qr(10**M))},{values:(m,v)=>v.map(Sn)}),series:[{},{fill:n.series[0],
width:0,paths:w,points:{show:!1}}],hooks:{draw:[m=>this.mark(m)]}}}}nothingOf(t){return t.spread.count.length===0?"No answer came in this time.":""}noteOf(t){return t.
spread.count.length===0?"":"logarithmic"}inWords(t){let{p50_ms:n,p95_ms:s,p99_ms:o}=t.spread;return n===null||s===null||o===null?"Distribution of latencies: no \
answer":`Distribution of latencies: half of the answers within ${Ze(n)}, 95% within ${Ze(s)}, 99% within ${Ze(o)}`}tableOf(t){let{from_ms:n,to_ms:s,count:o}=t.spread,
a=o.map((u,h)=>({cells:[`${Ze(n[h])} – ${Ze(s[h])}`,Rt(u)],press:()=>this.pressed(t,h)}));return{head:["latency","answers"],rows:a.filter((u,h)=>o[h]>0)}}pointed(t,n){
let{from_ms:s,to_ms:o,count:a}=t.spread;return n>=a.length?{title:"",lines:[]}:{title:`${Ze(s[n])} – ${Ze(o[n])}`,lines:[[null,"answers",Rt(a[n])]]}}pressed(t,n){
let{from_ms:s,to_ms:o,count:a}=t.spread;(a[n]??0)!==0&&this.state.showRequests({min_latency_ms:s[n],max_latency_ms:o[n],order:"latency",descending:!0})}dragged(){}twice(){}mark(t){
if(this.data===null)return;let n=this.colours(),{ctx:s}=t,o=devicePixelRatio,a=-1/0;s.save(),s.font=`${Cr*o}px ${getComputedStyle(document.body).fontFamily}`,s.
textBaseline="bottom",Ut.forEach(([u,h,,f],w)=>{let m=this.data.spread[u];if(m===null)return;let v=t.valToPos(Math.log10(m),"x",!0);s.strokeStyle=n.ink,s.lineWidth=
o,s.setLineDash(f.map(F=>F*o)),s.beginPath(),s.moveTo(v,t.bbox.top-2*o),s.lineTo(v,t.bbox.top+t.bbox.height),s.stroke(),s.fillStyle=n.ink;let M=`${h} ${Ze(m)}`,
P=s.measureText(M).width,C=Math.min(Math.max(v-P/2,t.bbox.left),t.bbox.left+t.bbox.width-P);(C>a||w===0)&&(s.fillText(M,C,t.bbox.top-3*o),a=C+P+6*o)}),s.restore()}};
function zr(i,e,t){for(let n of[[1,2,5],[1,3],[1]]){let s=[];for(let o=Math.floor(i);o<=e;o+=1)for(let a of n){let u=o+Math.log10(a);u>=i-1e-9&&u<=e+1e-9&&s.push(
u)}if(s.length<=t&&s.length>0||n.length===1)return s}return[]}var Nt=class{element;body=b("tbody");nothing=b("p",{class:"nothing loopai-quiet"});table;filled="";constructor(e,t,n,s=""){this.nothing.textContent=n;let o=t.map(
(a,u)=>b("th",{scope:"col",class:u===0?"name":null},a));this.table=b("table",{},b("thead",{},b("tr",{},...o)),this.body),this.element=b("section",{class:`bars ${s}`.
trim(),"aria-label":e},b("h4",{},e),this.nothing,this.table)}show(e){let t=JSON.stringify(e);if(t===this.filled)return;this.filled=t,this.nothing.hidden=e.length>
0,this.table.hidden=e.length===0;let n=this.body.contains(document.activeElement)?document.activeElement.dataset.key:void 0;if(this.body.replaceChildren(...e.map(
s=>$c(s))),n!==void 0)for(let s of this.body.querySelectorAll("[data-key]"))s.dataset.key===n&&s.focus({preventScroll:!0})}};function $c({key:i,shown:e,note:t,cells:n,
share:s,colour:o,press:a}){let u=b("i",{class:"bar","aria-hidden":"true"});u.style.width=`${Math.max(s>0?1:0,Math.round(s*1e3)/10)}%`,o!==void 0&&(u.style.background=
o);let h=a===null?b("span",{class:"label"},e):_e(e,a,{class:"loopai-link label",title:"Its requests"});a!==null&&(h.dataset.key=i);let f=b("th",{scope:"row",class:"\
name"},b("div",{class:"what"},h,t!==""&&b("span",{class:"loopai-quiet"},t)),u),w=b("tr",{class:a===null?null:"leads"},f,...n.map(m=>b("td",{},m)));return a!==null&&
w.addEventListener("click",m=>{m.target.closest("button")||a()}),w}var Fr="They are looked for among up to 300,000 requests: choose a shorter time, or a run.",Nc=3e3,Kn=class{constructor(e,t){this.kernel=e;this.state=t;this.charts=
[new an("Requests",t,this.palette,"requests"),new an("Cost, USD",t,this.palette,"cost_usd"),new Gn(t),new Un(t)];let n=[this.models,this.templates,this.runs,this.
errors,this.slowest,this.dearest];this.element.append(this.said,this.empty,this.tiles,b("div",{class:"charts"},...this.charts.map(s=>s.element)),b("div",{class:"\
tables"},...n.map(s=>s.element)))}kernel;state;ready=!0;element=b("div",{class:"overview"});shows=()=>{};tiles=b("dl",{class:"tiles"});empty=b("div",{class:"emp\
ty",hidden:!0});said=b("p",{class:"said loopai-bad",role:"alert"});palette=new In;charts;errors=new Nt("Errors",["what went wrong","failed","tried again"],"No e\
rrors in this time.","bad");models=new Nt("Models",["model","requests","cost, USD","p95"],"Nothing in this time.");templates=new Nt("Templates",["template","req\
uests","cost, USD","p95"],"Nothing in this time.");runs=new Nt("Runs",["run","requests","cost, USD","p95"],"Nothing in this time.");slowest=new Nt("Slowest requ\
ests",["prompt","latency"],Fr,"single");dearest=new Nt("Dearest requests",["prompt","cost, USD"],Fr,"single");asked=0;topped="";toppedScope=null;shown=null;waiting=0;update(e){
this.look(e)}show(e){if(this.asked+=1,this.said.textContent="",this.element.removeAttribute("aria-busy"),this.shows(e),this.empty.replaceChildren(e.empty,e.example===
""?"":b("pre",{},e.example)),this.empty.hidden=e.empty==="",this.element.classList.toggle("bare",e.empty!==""),this.fillTiles(e.tiles),e.empty!=="")return;for(let n of this.
charts)n.show(e);let t=new Set(e.series.groups.map(({name:n})=>n));this.models.show(e.models.map(n=>({...this.entry(n,n.name===null?null:{model:n.name}),colour:`\
var(--loopai-s${this.palette.place(t.has(n.name)?n.name:null)+1})`}))),this.templates.show(e.templates.map(n=>this.entry(n,n.name===null?null:{template:n.name}))),
this.runs.show(e.runs.map(n=>this.entry(n,n.name===null?null:{run:n.name}))),this.errors.show(e.errors.map(n=>{let s=this.state.hasLog&&n.name!==null?()=>this.state.
showRequests({error_kind:n.name}):null;return{...n,key:n.name??"",press:s}})),this.shown=e,this.later(e)}later({tiles:e}){let t=JSON.stringify([this.state.scope,
e[0]?.value]);if(t===this.topped||this.waiting!==0)return;let n=this.toppedScope===this.state.scope;this.waiting=window.setTimeout(()=>{this.fetchTops(t)},n?Nc:
0)}async fetchTops(e){let{scope:t}=this.state;this.topped=e,this.toppedScope=t;try{let{slowest:n,dearest:s}=await this.kernel.ask("tops",{scope:t});if(t!==this.
state.scope)return;this.slowest.show(n.map(o=>this.one(o))),this.dearest.show(s.map(o=>this.one(o)))}catch(n){if(!(n instanceof We))throw n}finally{this.waiting=
0,t!==this.state.scope&&this.shown!==null&&this.later(this.shown)}}close(){window.clearTimeout(this.waiting);for(let e of this.charts)e.close()}async look(e){this.
asked+=1;let t=this.asked;this.element.setAttribute("aria-busy","true");try{let n=await this.kernel.ask("overview",{scope:e});t===this.asked&&this.show(n)}catch(n){
if(!(n instanceof We))throw n;if(t!==this.asked)return;this.element.removeAttribute("aria-busy"),this.said.textContent=n.message}}entry(e,t){return{...e,key:e.name??
"",press:t===null?null:()=>this.state.showRequests({},t)}}one({run_id:e,request_no:t,shown:n,note:s,value:o,share:a}){let u=this.state.hasLog?()=>this.state.showRequests(
{request:{run_id:e,request_no:t}}):null;return{key:`${e} ${t}`,shown:n,note:s,cells:[o],share:a,press:u}}fillTiles(e){for(;this.tiles.childElementCount<e.length;){
let t=b("span",{class:"change"},b("span",{class:"mark","aria-hidden":"true"}),b("span",{class:"loopai-hidden"}));this.tiles.append(b("div",{},b("dt"),b("dd",{},
b("div",{class:"value"}),b("div",{class:"note"},t,b("span",{class:"more"})))))}e.forEach((t,n)=>{let s=this.tiles.children[n];dn(s.querySelector("dt"),t.name),s.
querySelector("dt").title=t.name,dn(s.querySelector(".value"),t.value),dn(s.querySelector(".mark"),t.change),dn(s.querySelector(".loopai-hidden"),t.said),dn(s.querySelector(
".more"),t.note);let o=s.querySelector(".change");o.title=t.said,o.dataset.good=String(t.good??"")})}};function dn(i,e){i.textContent!==e&&(i.textContent=e)}var qc=40,zc=75,Wr=".jp-NotebookPanel",Vr=".jp-OutputArea",il="jp-RenderedHTMLCommon";async function Ir(i,e,t){let n=await e.ask("house"),s=n===null?null:await Wc(
n,i);if(n===null||s===null){await e.ask("homeless");return}let o=s.closest(`.${il}`);o?.classList.remove(il);let a=Fc(`${n}-kept`,s),u=document.activeElement;s.
append(i),u instanceof HTMLElement&&i.contains(u)&&u.focus({preventScroll:!0}),t(()=>{i.remove(),a(),o?.classList.add(il)}),await e.ask("housed")}function Fc(i,e){
let t=e.closest(Wr),n=`${i}-here`;t?.classList.add(n);let s=t===null?"":`.${n}`,o=b("style",{},`${s} div.${i} { display: none }`,`${s} ${Vr}-child:has(div.${i})\
 { display: none }`);return e.append(o),()=>{o.remove(),t?.classList.remove(n)}}async function Wc(i,e){for(let t=0;t<qc;t+=1){let s=(e.closest(Wr)??e.getRootNode()).
querySelector(`.${i}`);if(s!==null)return s;if(e.isConnected&&e.closest(Vr)===null)return null;await new Promise(o=>window.setTimeout(o,zc))}return null}var Vc=12e4,Ic=1500,Bc={overview:"Overview",requests:"Requests",happenings:"Happenings"},nl=class{kernel;root=b("section",{class:"loopai-panel loopai-dashboard",
"aria-label":"Dashboard"});view=Math.random().toString(36).slice(2,10);heard=b("div",{class:"loopai-hidden",role:"status"});live=b("span",{class:"live loopai-qu\
iet"},b("i",{"aria-hidden":"true"}),"live");tabs=b("div",{class:"tabs",role:"tablist","aria-label":"Dashboard"});buttons=new Map;panes=new Map;sight=new IntersectionObserver(
e=>this.seen(e.at(-1)?.isIntersecting??!1));turned=()=>this.watch();state=null;filters=null;inSight=!1;watched="";missed=!1;marks=null;renewing=0;quiet=0;leave=null;constructor({
model:e,el:t}){this.kernel=new Zi(e),this.root.append(b("p",{class:"empty"},"Looking at the ledger …")),t.append(this.root),this.kernel.hear("moved",n=>this.moved(
n)),this.kernel.hear("closed",()=>this.close()),document.addEventListener("visibilitychange",this.turned),Tn(this.root,{b:()=>this.state?.back()}),this.open()}get housed(){
return this.leave!==null}close(){this.leave?.(),this.leave=null,this.sight.disconnect(),document.removeEventListener("visibilitychange",this.turned),window.clearInterval(
this.renewing),window.clearTimeout(this.quiet),this.watched!==""&&this.kernel.ask("leave",{view:this.view}).catch(()=>{});for(let e of this.panes.values())e.close();
this.kernel.close()}async open(){let e;try{e=await this.kernel.ask("open")}catch(o){if(!(o instanceof We))throw o;this.root.replaceChildren(b("p",{class:"empty \
loopai-bad",role:"alert"},o.message));return}let t=new xn(e.scope),n=new Kn(this.kernel,t);this.state=t,this.filters=new _n(t),n.shows=o=>this.offer(o);let s=Ql(
this.kernel,t);this.panes.set("overview",n).set("requests",s).set("happenings",Gl(this.kernel,t)),s.ready&&t.jumpsBy(o=>s.want?.(o)),this.frame(e),t.listen(o=>this.
changed(o)),n.show(e.overview),this.show("overview"),this.renewing=window.setInterval(()=>{this.watched="",this.watch()},Vc),this.sight.observe(this.root),await Ir(
this.root,this.kernel,o=>{this.leave=o})}frame({ledger:e}){let t=[...this.panes].filter(([,n])=>n.ready);for(let[n,s]of t){let o=_e(Bc[n]??n,()=>this.state.open(
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
heard.textContent=""},Ic))}},rh=()=>{let i=new Set,e=null;return{initialize({model:t}){return e=t,vs({model:t}),()=>{for(let n of i)n.close();i.clear()}},render({
el:t,model:n}){let s=new nl({el:t,model:e??n});return i.add(s),()=>{s.housed||(i.delete(s),s.close())}}}};export{rh as default};
