function b(i,e={},...t){let n=document.createElement(i);for(let[l,o]of Object.entries(e))o===!1||o===null||o===void 0||n.setAttribute(l,o===!0?"":String(o));return n.
append(...t.filter(l=>!!l||l==="")),n}var pa={"":"span",odd:"span",cut:"del",new:"ins",hit:"mark"},fa={odd:"invisible character",cut:"",new:"",hit:""};function wn(i){
let e=document.createDocumentFragment();for(let[t,n]of i){if(t===""){e.append(n);continue}let l=fa[t];e.append(b(pa[t],{class:`loopai-${t}`,title:l||null},n))}return e}
function _e(i,e,t={}){let n=b("button",{type:"button",class:`loopai-button ${t.class??""}`.trim(),title:t.title??null,"aria-keyshortcuts":t.key??null},i,t.key!==
void 0&&b("kbd",{"aria-hidden":"true"},t.key));return n.addEventListener("click",e),n}var Os=["1h","24h","7d","30d","all"],xn=["run","server","model","template"];var yn=class{now;before=[];told=new Set;jump=null;tab="overview";constructor(e){this.now=Object.freeze({...e})}get scope(){return this.now}get canGoBack(){return this.
before.length>0}get hasLog(){return this.jump!==null}change(e){let t={...this.now,...e};Object.keys(t).every(n=>t[n]===this.now[n])||(this.remember(),this.set(t))}range(e,t){
this.change({last:null,since_ms:Math.floor(e),until_ms:Math.ceil(t)})}last(e){this.change({last:e,since_ms:null,until_ms:null})}open(e){e!==this.tab&&(this.tab=
e,this.set(this.now))}back(){let e=this.before.pop();e!==void 0&&(this.tab=e.tab,this.set(e.scope))}showRequests(e,t={}){if(this.jump===null){this.change(t);return}
this.remember(),this.tab="requests",this.jump(e),this.set({...this.now,...t})}listen(e){return this.told.add(e),()=>this.told.delete(e)}jumpsBy(e){this.jump=e}remember(){
this.before.push({scope:this.now,tab:this.tab}),this.before.length>50&&this.before.shift()}set(e){this.now=Object.freeze({...e});for(let t of this.told)t(this.now)}};var Rs=["Jan","Feb","Mar","Apr","May","Jun","Jul","Aug","Sep","Oct","Nov","Dec"];function kn(i){let e=Math.abs(i);if(e<1e4)return Rt(i);for(let[t,n]of[[1e9,"G"],
[1e6,"M"],[1e3,"k"]])if(e>=t)return`${zs(i/t)}${n}`;return Rt(i)}function Rt(i){return Math.round(i).toLocaleString("en")}function Hs(i){if(i===0)return"0";if(i>=
1)return i.toLocaleString("en",{minimumFractionDigits:2,maximumFractionDigits:2});let e=Math.min(12,Math.max(2,1-Math.floor(Math.log10(i)))),t=i.toFixed(e).replace(
/0+$/,"");return/\.\d\d/.test(t)?t:i.toFixed(2)}function Ns(i){return i>=1e3?kn(i):zs(i,12)}function ni(i,e){if(e-i>=864e5){let o=bl(i);return e-i>864e5?`${o} –\
 ${bl(e-1)}`:o}let t=ii(new Date(i)),n=new Date(e),l=ii(n)===t||At(n)==="00:00"?At(n):`${ii(n)} ${At(n)}`;return`${t} ${At(new Date(i))} – ${l}`}function $s(i,e){
return e===null?`since ${Ji(i)}`:`${Ji(i)} – ${ii(new Date(i))===ii(new Date(e))?At(new Date(e)):Ji(e)}`}function Ji(i){return`${ii(new Date(i))} ${At(new Date(
i))}`}function qs(i,e){let t="",n=i.every(l=>l*1e3%864e5===0)?!1:e<864e5;return i.map(l=>{let o=new Date(l*1e3),a=n?ii(o):bl(l*1e3),u=n?a===t?At(o):At(o)==="00:\
00"?a:t===""?At(o):`${At(o)}
${a}`:a;return t=a,u})}function zs(i,e=1){return String(Number(i.toPrecision(3)).toFixed(Math.min(e,12))).replace(/\.?0+$/,"")}function Cs(i){return String(i).padStart(2,"0")}function At(i){
return`${Cs(i.getHours())}:${Cs(i.getMinutes())}`}function ii(i){return`${i.getDate()} ${Rs[i.getMonth()]}${Fs(i.getFullYear())}`}function bl(i){let e=new Date(
i);return`${e.getUTCDate()} ${Rs[e.getUTCMonth()]}${Fs(e.getUTCFullYear())}`}function Fs(i){return i===new Date().getFullYear()?"":` ${i}`}var ma={"1h":"1 h","24h":"24 h","7d":"7 d","30d":"30 d",all:"All"},Ws={"1h":"The last hour","24h":"The last 24 hours","7d":"The last 7 days","30d":"The last 30 \
days",all:"All that the ledger has"},Is={run:"All runs",server:"All servers",model:"All models",template:"All templates"},Sn=class{constructor(e){this.state=e;let t=b(
"div",{class:"periods",role:"group","aria-label":"Period"});for(let n of Os){let l=_e(ma[n],()=>e.last(n),{title:Ws[n]});l.setAttribute("aria-label",Ws[n]),this.
presets.set(n,l),t.append(l)}this.range=_e("",()=>e.back(),{title:"Back to the period before"}),this.range.setAttribute("aria-pressed","true"),t.append(this.range),
this.element.append(t);for(let n of xn){let l=b("select",{"aria-label":Is[n].replace("All ","Which "),class:n});l.addEventListener("change",()=>e.change({[n]:l.
value===""?null:this.choices[n][Number(l.value)].name})),this.selects.set(n,l),this.element.append(l)}this.clear=_e("Clear",()=>e.change({run:null,server:null,model:null,
template:null}),{class:"loopai-plain",title:"Without any filter"}),this.back=_e("Back",()=>e.back(),{class:"loopai-plain",key:"b"}),this.element.append(this.clear,
this.back),this.update(e.scope)}state;element=b("div",{class:"filters",role:"group","aria-label":"Period and filters"});presets=new Map;selects=new Map;range;clear;back;choices={
run:[],server:[],model:[],template:[]};offered="";offer(e){let t=JSON.stringify(e);t!==this.offered&&(this.offered=t,this.choices=e,this.update(this.state.scope))}update(e){
for(let[t,n]of this.presets)n.setAttribute("aria-pressed",String(e.last===t));this.range.hidden=e.last!==null||e.since_ms===null,e.since_ms!==null&&(this.range.
textContent=$s(e.since_ms,e.until_ms));for(let t of xn)this.fill(t,e[t]);this.clear.hidden=xn.every(t=>e[t]===null),this.back.hidden=!this.state.canGoBack}fill(e,t){
let n=this.selects.get(e),l=this.choices[e];t!==null&&!l.some(({name:u})=>u===t)&&(l=[...l,{name:t,shown:t}],this.choices={...this.choices,[e]:l});let o=l.findIndex(
({name:u})=>u===t),a=JSON.stringify(l);n.dataset.filled!==a&&(n.dataset.filled=a,n.replaceChildren(b("option",{value:""},Is[e]),...l.map(({shown:u},h)=>b("optio\
n",{value:h},u)))),n.value=o<0?"":String(o),n.classList.toggle("chosen",o>=0),n.hidden=l.length<2&&o<0}};var Vs=()=>({element:b("div"),ready:!1,update:()=>{},close:()=>{}});var it=class extends Error{},_n=class{constructor(e){this.model=e;e.on("msg:custom",this.receive)}model;waiting=new Map;heard=new Map;name=Math.random().toString(
36).slice(2,10);asked=0;ask(e,t={}){let n=`${this.name}-${this.asked+=1}`;return new Promise((l,o)=>{this.waiting.set(n,{resolve:l,reject:o});let a=()=>this.model.
send({...t,id:n,kind:e});e==="open"?vl(a,()=>!this.waiting.has(n)):a()})}hear(e,t){this.heard.set(e,t)}close(){this.model.off("msg:custom",this.receive),this.waiting.
clear()}receive=e=>{let t=e;if(t.push!==void 0){this.heard.get(t.push)?.(t.data);return}let n=t.id===void 0?void 0:this.waiting.get(t.id);t.id===void 0||n===void 0||
(this.waiting.delete(t.id),t.error===void 0?n.resolve(t.ok):n.reject(new it(t.error)))}};function Bs({model:i}){let e=!1,t=n=>{e||=n.push==="met",e&&i.off("msg:\
custom",t)};i.on("msg:custom",t),vl(()=>i.send({kind:"hello"}),()=>e)}var ga=400,ba=25;function vl(i,e,t=ba){i(),t>1&&window.setTimeout(()=>e()||vl(i,e,t-1),ga)}function va(i){return i.altKey?"":i.ctrlKey||i.metaKey?i.key==="Enter"?"Ctrl+Enter":"":i.key}var wa=new Set(["INPUT","TEXTAREA","SELECT"]);function Mn(i,e,t={}){
i.tabIndex=0,i.setAttribute("data-lm-suppress-shortcuts","true"),i.addEventListener("focusin",n=>{n.target.setAttribute("data-lm-suppress-shortcuts","true")}),i.
addEventListener("keydown",n=>{n.stopPropagation();let l=n.target,o=va(n),a=wa.has(l.tagName);if(l.tagName==="TEXTAREA"&&o==="Enter"||!a&&l.tagName==="BUTTON"&&
(o==="Enter"||o===" "))return;let u=(a?t:e)[o];u===void 0||o===""||(n.preventDefault(),u())})}function ya(i,e,t,n,l=8){let o=Math.max(0,Math.floor(i/t)-l),a=Math.min(n,Math.ceil((i+e)/t)+l);return[Math.min(o,n),Math.max(a,Math.min(o,n))]}var Gs=8e6,Tn=class{constructor(e,t,n,l=64){
this.rowHeight=t;this.source=n;this.page=l;this.canvas=b("div",{class:"loopai-rows-canvas"}),this.element=b("div",{class:"loopai-rows",role:"listbox","aria-labe\
l":e,tabindex:0},this.canvas),this.element.addEventListener("scroll",()=>this.soon()),this.element.addEventListener("click",o=>{let a=o.target.closest("[data-in\
dex]");a!==null&&this.source.choose(Number(a.dataset.index))}),new ResizeObserver(()=>this.soon()).observe(this.element),new IntersectionObserver(()=>this.soon()).
observe(this.element)}rowHeight;source;page;element;canvas;kept=new Map;asked=new Set;count=0;selected=0;epoch=0;frame=0;reset(e){this.epoch+=1,this.count=e,this.
kept.clear(),this.asked.clear(),this.canvas.style.height=`${Math.min(e*this.rowHeight,Gs)}px`,this.soon()}refresh(){this.epoch+=1,this.kept.clear(),this.asked.clear(),
this.soon()}renew(e){this.asked.delete(Math.floor(e/this.page)),this.soon()}select(e){this.selected=e;let t=this.scale(),n=this.element,[l,o]=[e*this.rowHeight,
n.scrollTop/t];l<o?n.scrollTop=l*t:l+this.rowHeight>o+n.clientHeight&&(n.scrollTop=(l+this.rowHeight-n.clientHeight)*t),this.soon()}scale(){return Math.min(1,Gs/
Math.max(1,this.count*this.rowHeight))}soon(){this.frame===0&&(this.frame=requestAnimationFrame(()=>{this.frame=0,this.paint()}))}paint(){let e=this.scale(),t=this.
element.scrollTop;if(this.element.clientHeight===0)return;let[n,l]=ya(t/e,this.element.clientHeight,this.rowHeight,this.count);this.want(n,l);let o=[];for(let a=n;a<
l;a+=1){let u=this.kept.get(a),h=a===this.selected,f=b("div",{class:"loopai-row",role:"option",id:`${this.id}-${a}`,"aria-posinset":a+1,"aria-setsize":this.count,
"aria-selected":h?"true":"false","data-index":a});f.style.top=`${t+a*this.rowHeight-t/e}px`,f.style.height=`${this.rowHeight}px`,u!==void 0&&this.source.draw(u,
f,h),o.push(f)}this.canvas.replaceChildren(...o),this.element.setAttribute("aria-activedescendant",`${this.id}-${this.selected}`)}id=`loopai-${Math.random().toString(
36).slice(2,10)}`;want(e,t){for(let n=Math.floor(e/this.page);n*this.page<t;n+=1){if(this.asked.has(n))continue;this.asked.add(n);let l=this.epoch,o=n*this.page;
this.source.window(o,Math.min(this.page,this.count-o)).then(a=>{l===this.epoch&&(a.forEach((u,h)=>this.kept.set(o+h,u)),this.soon())},()=>this.asked.delete(n))}}};function Zi(i){return`${Ji(i)}:${String(new Date(i).getSeconds()).padStart(2,"0")}`}var En=class{constructor(e,t,n){this.kernel=e;this.state=t;this.closed=n}kernel;state;closed;element=b("aside",{class:"request","aria-label":"One request",hidden:!0});heard=b(
"span",{class:"loopai-quiet",role:"status"});ref=null;asked=0;get open(){return this.ref!==null}async show(e,t){let n=this.asked+=1;this.ref=e;let l;try{l=await this.
kernel.ask("log.one",{request:e,hit:t})}catch(o){if(!(o instanceof it))throw o;n===this.asked&&this.fill(b("p",{class:"loopai-bad",role:"alert"},o.message));return}
n===this.asked&&this.draw(l)}hide(){this.asked+=1,this.ref=null,this.element.hidden=!0,this.element.replaceChildren(),this.closed()}async copy(){if(this.ref===null)
return;let e;try{e=await this.kernel.ask("log.curl",{request:this.ref})}catch(t){if(!(t instanceof it))throw t;this.heard.textContent=t.message;return}try{await navigator.
clipboard.writeText(e),this.heard.textContent="Copied; the key comes from $LOOPAI_API_KEY."}catch{let t=b("textarea",{class:"curl",readonly:!0,rows:6,"aria-labe\
l":"curl command"});t.value=e,this.element.querySelector(".curl")?.remove(),this.element.querySelector(".about").after(t),t.select(),this.heard.textContent="Cop\
y it from here: this page may not use the clipboard."}}fill(...e){let t=_e("Close",()=>this.hide(),{class:"loopai-plain",key:"Esc"});this.element.hidden=!1,this.
element.replaceChildren(t,...e.filter(n=>n!==!1))}draw(e){this.heard.textContent="";let{run_id:t}=e,n=b("div",{class:"about"},b("h4",{},e.title),_e("Copy as cur\
l",()=>{this.copy()},{key:"c"}),this.state.scope.run!==t&&_e("Only this run",()=>this.state.change({run:t}),{class:"loopai-plain"}),this.heard),{attempts:l,reviews:o,
system:a,answer:u}=e;this.fill(n,Us(e.facts),a!==null&&wl("System prompt",a),wl("Prompt",e.prompt),u===null?Pi("Answer",b("p",{class:"loopai-quiet"},e.no_answer)):
wl("Answer",u),l.length>0&&Pi("Attempts",b("ol",{class:"attempts"},...l.map(xa))),o.length>0&&Pi("Reviews",b("ul",{class:"reviews"},...o.map(ka))),Pi("Rows",b("\
p",{},e.rows.join(", "))),Pi("Sent as",Us(e.headers))),this.element.scrollTop=0}};function Pi(i,...e){return b("section",{"aria-label":i},b("h5",{},i),...e)}function wl(i,e){
return Pi(i,b("pre",{tabindex:0,"aria-label":i},wn(e)))}function Us(i){return b("dl",{class:"facts"},...i.flatMap(([e,t])=>[b("dt",{},e),b("dd",{},t)]))}function xa(i){
let e=[Zi(i.at_ms),i.waited,i.latency===""?"":`took ${i.latency}`,i.status,i.tokens,i.cost];return b("li",{value:i.number},b("span",{class:i.good?"good":"loopai\
-bad"},i.outcome),b("span",{class:"loopai-quiet"},` · ${e.filter(Boolean).join(" · ")}`),i.error!==""&&b("div",{},i.error),i.text!==null&&b("pre",{tabindex:0,
"aria-label":`What attempt ${i.number} answered`},wn(i.text)))}function ka(i){let e=[`by ${i.by}`,Zi(i.at_ms),i.where].filter(Boolean).join(" · ");return b("li",
{},b("strong",{},i.state),b("span",{class:"loopai-quiet"},` ${e}`),i.note!==""&&b("div",{},i.note),i.text!==null&&b("pre",{tabindex:0,"aria-label":"The answer a\
s it should be"},wn(i.text)))}var js=29,Sa=64,_a=350,Ks=1e12,Ma=["answered","failed","cached","retried","unknown"],Ta={accepted:"accepted",edited:"edited",rejected:"rejected",skipped:"skippe\
d",none:"not reviewed"},Ys=[["at","Ended","at"],[null,"Status","status"],[null,"Prompt","text"],[null,"Answer","text"],["latency","Latency","number"],["tokens",
"Tokens","number"],["cost","USD","number"]],xl=class{constructor(e,t){this.kernel=e;this.state=t;this.list=new Tn("Requests",js,{window:(n,l)=>this.window(n,l),
draw:(n,l)=>this.draw(n,l),choose:n=>{this.open(n)}},Sa),this.one=new En(e,t,()=>{this.element.classList.remove("opened"),this.list.element.focus({preventScroll:!0})}),
this.layOut(),Mn(this.element,this.keys(),{Escape:()=>this.list.element.focus(),Enter:()=>this.filter()})}kernel;state;element=b("div",{class:"log"});ready=!0;list;one;search=b(
"input",{type:"search",placeholder:"search prompts and answers","aria-label":"Search prompts and answers"});status=yl("Status",{"":"any status",...Object.fromEntries(
Ma.map(e=>[e,e]))});kind=yl("Kind of error",{"":"any error"});review=yl("Review",{"":"any review",...Ta});slow=b("input",{type:"number",min:0,step:"any",placeholder:"\
slower, s","aria-label":"Slower than, seconds",class:"least"});dear=b("input",{type:"number",min:0,step:"any",placeholder:"dearer, USD","aria-label":"Dearer tha\
n, USD",class:"least"});clear=_e("Clear",()=>this.want({},!0),{class:"loopai-plain",title:"Without these filters"});count=b("span",{class:"count",role:"status"});news=_e(
"Show what is new",()=>{this.refresh()},{key:"n"});said=b("p",{class:"said loopai-bad",role:"alert"});nothing=b("p",{class:"nothing loopai-quiet"},"No request i\
s like that in this time.");sorts=new Map;wanted={};look="";shown="";head=[];known=new Set;fresh=new Set;total=0;at=0;asking=0;busy=!1;typing=0;update(e){JSON.stringify(
[e,this.wanted])===this.shown?this.refresh():this.ask()}want(e,t=!1){let{request:n,...l}=e;this.wanted=l,this.fill(),t&&this.ask(),n!==void 0?this.openOne(n):this.
one.hide()}moved(){this.grows&&this.list.element.scrollTop===0&&!this.busy?this.refresh():this.busy||(this.news.hidden=!1)}close(){window.clearTimeout(this.typing)}layOut(){
let e=b("div",{class:"wanted",role:"search","aria-label":"Which requests"},this.search,this.status,this.kind,this.review,this.slow,this.dear,this.clear,this.count,
this.news),t=b("div",{class:"columns"});for(let[l,o,a]of Ys)if(l===null)t.append(b("span",{class:a},o));else{let u=_e(o,()=>this.sort(l),{class:`loopai-plain ${a}`});
this.sorts.set(l,u),t.append(u)}this.search.addEventListener("input",()=>{window.clearTimeout(this.typing),this.typing=window.setTimeout(()=>this.filter(),_a)});
for(let l of[this.status,this.kind,this.review,this.slow,this.dear])l.addEventListener("change",()=>this.filter());this.news.hidden=!0,this.nothing.hidden=!0;let n=b(
"div",{class:"table"},t,this.list.element,this.nothing);this.element.append(e,this.said,b("div",{class:"both"},n,this.one.element)),this.fill()}fill(){let{search:e,
status:t,error_kind:n,review:l,min_latency_ms:o,min_cost_pusd:a}=this.wanted;this.search.value=e??"",this.status.value=t??"",Js(this.kind,n),this.kind.value=n??
"",this.review.value=l??"",this.slow.value=o===void 0?"":String(o/1e3),this.dear.value=a===void 0?"":String(a/Ks),this.tell()}tell(){let{order:e,descending:t,...n}=this.
wanted;this.clear.hidden=Object.keys(n).length===0;for(let l of[this.status,this.kind,this.review])l.classList.toggle("chosen",l.value!=="");for(let[l,o]of this.
sorts){let a=l===(e??"at"),u=t!==!1;o.setAttribute("aria-pressed",String(a)),o.firstChild.textContent=`${Ys.find(([h])=>h===l)[1]}${a?u?" ↓":" ↑":""}`,o.title=
a?`Sorted, the ${u?"greatest":"smallest"} first; press to turn`:"Sort by this"}}draw(e,t){let n=e.status==="answered"&&e.review!==""?e.review:e.status;t.dataset.
status=e.status,t.classList.toggle("fresh",this.fresh.has(e.request_no));let l=e.error===""?"":`: ${e.error}`;t.append(b("span",{class:"at"},Zi(e.at_ms)),b("spa\
n",{class:"status"},`${n}${l}`,e.attempts>1&&b("span",{class:"loopai-quiet"},` ×${e.attempts}`)),b("span",{class:"text"},e.prompt),b("span",{class:"text answer"},
e.answer??""),b("span",{class:"number"},e.latency),b("span",{class:"number"},e.tokens===0?"":Rt(e.tokens)),b("span",{class:"number"},e.cost))}get grows(){let{order:e,
descending:t,search:n,review:l,min_cost_pusd:o}=this.wanted;return(e??"at")==="at"&&t!==!1&&n===void 0&&l===void 0&&o===void 0}async ask(){let e=this.asking+=1,
{scope:t}=this.state,n=JSON.stringify([t,this.wanted]);this.said.textContent="",this.news.hidden=!0,this.element.setAttribute("aria-busy","true");try{let l=await this.
kernel.ask("log.open",{scope:t,wanted:this.wanted});if(e!==this.asking||(this.shown=n,this.known=new Set,this.take(l,!0),l.total!==null))return;this.count.textContent=
"counting …";let o=await this.kernel.ask("log.count",{look:l.look});e===this.asking&&this.take({...l,total:o},!1)}catch(l){if(!(l instanceof it))throw l;e===this.
asking&&(this.said.textContent=l.message)}finally{e===this.asking&&this.element.removeAttribute("aria-busy")}e===this.asking&&this.kinds(t)}take({look:e,rows:t,
total:n},l){this.look=e,this.fresh=new Set(this.known.size===0?[]:t.map(o=>o.request_no).filter(o=>!this.known.has(o))),this.known=new Set(t.map(o=>o.request_no)),
this.head=t,this.total=n??t.length,this.nothing.hidden=this.total>0,this.count.textContent=n===null?"":this.total===1?"1 request":`${Rt(this.total)} requests`,l&&
(this.list.element.scrollTop=0,this.at=0),this.list.reset(this.total),this.list.select(this.at),this.tell()}async refresh(){if(this.busy||this.look==="")return;
this.busy=!0,this.news.hidden=!0;let e=this.asking;try{let t=await this.kernel.ask("log.refresh",{look:this.look});t!==null&&e===this.asking&&this.take(t,this.list.
element.scrollTop===0&&!this.one.open)}catch(t){if(!(t instanceof it))throw t;this.ask()}finally{this.busy=!1}}async kinds(e){let t=await this.kernel.ask("log.k\
inds",{scope:e}).catch(()=>[]);for(let n of t)Js(this.kind,n)}window(e,t){return e+t<=this.head.length?Promise.resolve(this.head.slice(e,e+t)):this.kernel.ask("\
log.window",{look:this.look,first:e,count:t})}filter(){window.clearTimeout(this.typing);let e={};this.search.value.trim()!==""&&(e.search=this.search.value),this.
status.value!==""&&(e.status=this.status.value),this.kind.value!==""&&(e.error_kind=this.kind.value),this.review.value!==""&&(e.review=this.review.value),Number(
this.slow.value)>0&&(e.min_latency_ms=Number(this.slow.value)*1e3),Number(this.dear.value)>0&&(e.min_cost_pusd=Math.round(Number(this.dear.value)*Ks)),this.wanted.
order!==void 0&&(e.order=this.wanted.order),this.wanted.descending!==void 0&&(e.descending=this.wanted.descending),JSON.stringify(e)!==JSON.stringify(this.wanted)&&
(this.wanted=e,this.tell(),this.ask())}sort(e){let t=e===(this.wanted.order??"at");this.wanted={...this.wanted,order:e,descending:t?this.wanted.descending===!1:
!0},this.tell(),this.ask()}go(e){this.total!==0&&(this.at=Math.max(0,Math.min(this.total-1,e)),this.list.select(this.at),this.one.open&&this.open(this.at))}async open(e){
if(this.total===0)return;this.at=e,this.list.select(e);let[t]=await this.window(e,1);t!==void 0&&this.at===e&&await this.openOne(t)}async openOne({run_id:e,request_no:t}){
this.element.classList.add("opened"),await this.one.show({run_id:e,request_no:t},this.wanted.search??""),this.list.select(this.at)}keys(){let e=()=>Math.max(1,Math.
floor(this.list.element.clientHeight/js)-1),t=()=>this.go(this.at+1),n=()=>this.go(this.at-1);return{ArrowDown:t,ArrowUp:n,j:t,k:n,PageDown:()=>this.go(this.at+
e()),PageUp:()=>this.go(this.at-e()),Home:()=>this.go(0),End:()=>this.go(this.total-1),Enter:()=>{this.open(this.at)},Escape:()=>this.one.hide(),"/":()=>this.search.
focus(),c:()=>{this.one.copy()},n:()=>{this.refresh()},b:()=>this.state.back()}}};function yl(i,e){return b("select",{"aria-label":i},...Object.entries(e).map(([
t,n])=>b("option",{value:t},n)))}function Js(i,e){e===void 0||[...i.options].some(t=>t.value===e)||i.append(b("option",{value:e},e))}var Zs=(i,e)=>new xl(i,e);var Ea="uplot",La="u-hz",Aa="u-vt",Pa="u-title",Da="u-wrap",Oa="u-under",Ca="u-over",Ra="u-axis",oi="u-off",Ha="u-select",Na="u-cursor-x",$a="u-cursor-y",qa="u-\
cursor-pt",za="u-legend",Fa="u-live",Wa="u-inline",Ia="u-series",Va="u-marker",Qs="u-label",Ba="u-value",Xi="width",en="height";var Xs="bottom",Di="left",kl="right",zl="#000",eo=zl+"0",Sl="mousemove",to="mousedown",_l="mouseup",io="mouseenter",no="mouseleave",lo="dblclick",Ga="resize",Ua="\
scroll",so="change",On="dppxchange",Fl="--",qi=typeof window<"u",Al=qi?document:null,Ci=qi?window:null,ja=qi?navigator:null,oe,Ln;function Pl(){let i=devicePixelRatio;
oe!=i&&(oe=i,Ln&&Ol(so,Ln,Pl),Ln=matchMedia(`(min-resolution: ${oe-.001}dppx) and (max-resolution: ${oe+.001}dppx)`),ri(so,Ln,Pl),Ci.dispatchEvent(new CustomEvent(
On)))}function nt(i,e){if(e!=null){let t=i.classList;!t.contains(e)&&t.add(e)}}function Dl(i,e){let t=i.classList;t.contains(e)&&t.remove(e)}function be(i,e,t){
i.style[e]=t+"px"}function wt(i,e,t,n){let l=Al.createElement(i);return e!=null&&nt(l,e),t?.insertBefore(l,n),l}function ht(i,e){return wt("div",i,e)}var oo=new WeakMap;
function Pt(i,e,t,n,l){let o="translate("+e+"px,"+t+"px)",a=oo.get(i);o!=a&&(i.style.transform=o,oo.set(i,o),e<0||t<0||e>n||t>l?nt(i,oi):Dl(i,oi))}var ro=new WeakMap;
function ao(i,e,t){let n=e+t,l=ro.get(i);n!=l&&(ro.set(i,n),i.style.background=e,i.style.borderColor=t)}var co=new WeakMap;function uo(i,e,t,n){let l=e+""+t,o=co.
get(i);l!=o&&(co.set(i,l),i.style.height=t+"px",i.style.width=e+"px",i.style.marginLeft=n?-e/2+"px":0,i.style.marginTop=n?-t/2+"px":0)}var Wl={passive:!0},Ka={...Wl,
capture:!0};function ri(i,e,t,n){e.addEventListener(i,t,n?Ka:Wl)}function Ol(i,e,t,n){e.removeEventListener(i,t,Wl)}qi&&Pl();function yt(i,e,t,n){let l;t=t||0,n=
n||e.length-1;let o=n<=2147483647;for(;n-t>1;)l=o?t+n>>1:lt((t+n)/2),e[l]<i?t=l:n=l;return i-e[t]<=e[n]-i?t:n}function zo(i){return(t,n,l)=>{let o=-1,a=-1;for(let u=n;u<=
l;u++)if(i(t[u])){o=u;break}for(let u=l;u>=n;u--)if(i(t[u])){a=u;break}return[o,a]}}var Fo=i=>i!=null,Wo=i=>i!=null&&i>0,Hn=zo(Fo),Ya=zo(Wo);function Ja(i,e,t,n=0,l=!1){
let o=l?Ya:Hn,a=l?Wo:Fo;[e,t]=o(i,e,t);let u=i[e],h=i[e];if(e>-1)if(n==1)u=i[e],h=i[t];else if(n==-1)u=i[t],h=i[e];else for(let f=e;f<=t;f++){let y=i[f];a(y)&&(y<
u?u=y:y>h&&(h=y))}return[u??ue,h??-ue]}function Nn(i,e,t,n){let l=fo(i),o=fo(e);i==e&&(l==-1?(i*=t,e/=t):(i/=t,e*=t));let a=t==10?Ht:Io,u=l==1?lt:pt,h=o==1?pt:lt,
f=u(a(Pe(i))),y=h(a(Pe(e))),m=Ri(t,f),v=Ri(t,y);return t==10&&(f<0&&(m=he(m,-f)),y<0&&(v=he(v,-y))),n||t==2?(i=m*l,e=v*o):(i=Uo(i,m),e=$n(e,v)),[i,e]}function Il(i,e,t,n){
let l=Nn(i,e,t,n);return i==0&&(l[0]=0),e==0&&(l[1]=0),l}var Vl=.1,ho={mode:3,pad:Vl},nn={pad:0,soft:null,mode:0},Za={min:nn,max:nn};function Cn(i,e,t,n){return qn(
t)?po(i,e,t):(nn.pad=t,nn.soft=n?0:null,nn.mode=n?3:0,po(i,e,Za))}function le(i,e){return i??e}function Qa(i,e,t){for(e=le(e,0),t=le(t,i.length-1);e<=t;){if(i[e]!=
null)return!0;e++}return!1}function po(i,e,t){let n=t.min,l=t.max,o=le(n.pad,0),a=le(l.pad,0),u=le(n.hard,-ue),h=le(l.hard,ue),f=le(n.soft,ue),y=le(l.soft,-ue),
m=le(n.mode,0),v=le(l.mode,0),T=e-i,A=Ht(T),C=Ue(Pe(i),Pe(e)),F=Ht(C),I=Pe(F-A);(T<1e-24||I>10)&&(T=0,(i==0||e==0)&&(T=1e-24,m==2&&f!=ue&&(o=0),v==2&&y!=-ue&&(a=
0)));let S=T||C||1e3,z=Ht(S),_=Ri(10,lt(z)),Y=S*(T==0?i==0?.1:1:o),O=he(Uo(i-Y,_/10),24),J=i>=f&&(m==1||m==3&&O<=f||m==2&&O>=f)?f:ue,U=Ue(u,O<J&&i>=J?J:xt(J,O)),
X=S*(T==0?e==0?.1:1:a),G=he($n(e+X,_/10),24),M=e<=y&&(v==1||v==3&&G>=y||v==2&&G<=y)?y:-ue,K=xt(h,G>M&&e<=M?M:Ue(M,G));return U==K&&U==0&&(K=100),[U,K]}var Xa=new Intl.
NumberFormat(qi?ja.language:"en-US"),Bl=i=>Xa.format(i),st=Math,Dn=st.PI,Pe=st.abs,lt=st.floor,Ae=st.round,pt=st.ceil,xt=st.min,Ue=st.max,Ri=st.pow,fo=st.sign,Ht=st.
log10,Io=st.log2,ec=(i,e=1)=>st.sinh(i)*e,Ml=(i,e=1)=>st.asinh(i/e),ue=1/0;function mo(i){return(Ht((i^i>>31)-(i>>31))|0)+1}function Cl(i,e,t){return xt(Ue(i,e),
t)}function Vo(i){return typeof i=="function"}function ee(i){return Vo(i)?i:()=>i}var tc=()=>{},Bo=i=>i,Go=(i,e)=>e,ic=i=>null,go=i=>!0,bo=(i,e)=>i==e,nc=/\.\d*?(?=9{6,}|0{6,})/gm,
ai=i=>{if(Ko(i)||Gt.has(i))return i;let e=`${i}`,t=e.match(nc);if(t==null)return i;let n=t[0].length-1;if(e.indexOf("e-")!=-1){let[l,o]=e.split("e");return+`${ai(
l)}e${o}`}return he(i,n)};function li(i,e){return ai(he(ai(i/e))*e)}function $n(i,e){return ai(pt(ai(i/e))*e)}function Uo(i,e){return ai(lt(ai(i/e))*e)}function he(i,e=0){
if(Ko(i))return i;let t=10**e,n=i*t*(1+Number.EPSILON);return Ae(n)/t}var Gt=new Map;function jo(i){return((""+i).split(".")[1]||"").length}function sn(i,e,t,n){
let l=[],o=n.map(jo);for(let a=e;a<t;a++){let u=Pe(a),h=he(Ri(i,a),u);for(let f=0;f<n.length;f++){let y=i==10?+`${n[f]}e${a}`:n[f]*h,m=(a>=0?0:u)+(a>=o[f]?0:o[f]),
v=i==10?y:he(y,m);l.push(v),Gt.set(v,m)}}return l}var ln={},Gl=[],Hi=[null,null],Bt=Array.isArray,Ko=Number.isInteger,lc=i=>i===void 0;function vo(i){return typeof i==
"string"}function qn(i){let e=!1;if(i!=null){let t=i.constructor;e=t==null||t==Object}return e}function sc(i){return i!=null&&typeof i=="object"}var oc=Object.getPrototypeOf(
Uint8Array),Yo="__proto__";function Ni(i,e=qn){let t;if(Bt(i)){let n=i.find(l=>l!=null);if(Bt(n)||e(n)){t=Array(i.length);for(let l=0;l<i.length;l++)t[l]=Ni(i[l],
e)}else t=i.slice()}else if(i instanceof oc)t=i.slice();else if(e(i)){t={};for(let n in i)n!=Yo&&(t[n]=Ni(i[n],e))}else t=i;return t}function Te(i){let e=arguments;
for(let t=1;t<e.length;t++){let n=e[t];for(let l in n)l!=Yo&&(qn(i[l])?Te(i[l],Ni(n[l])):i[l]=Ni(n[l]))}return i}var rc=0,ac=1,cc=2;function dc(i,e,t){for(let n=0,
l,o=-1;n<e.length;n++){let a=e[n];if(a>o){for(l=a-1;l>=0&&i[l]==null;)i[l--]=null;for(l=a+1;l<t&&i[l]==null;)i[o=l++]=null}}}function uc(i,e){if(fc(i)){let a=i[0].
slice();for(let u=1;u<i.length;u++)a.push(...i[u].slice(1));return mc(a[0])||(a=pc(a)),a}let t=new Set;for(let a=0;a<i.length;a++){let h=i[a][0],f=h.length;for(let y=0;y<
f;y++)t.add(h[y])}let n=[Array.from(t).sort((a,u)=>a-u)],l=n[0].length,o=new Map;for(let a=0;a<l;a++)o.set(n[0][a],a);for(let a=0;a<i.length;a++){let u=i[a],h=u[0];
for(let f=1;f<u.length;f++){let y=u[f],m=Array(l).fill(void 0),v=e?e[a][f]:ac,T=[];for(let A=0;A<y.length;A++){let C=y[A],F=o.get(h[A]);C===null?v!=rc&&(m[F]=C,
v==cc&&T.push(F)):m[F]=C}dc(m,T,l),n.push(m)}}return n}var hc=typeof queueMicrotask>"u"?i=>Promise.resolve().then(i):queueMicrotask;function pc(i){let e=i[0],t=e.
length,n=Array(t);for(let o=0;o<n.length;o++)n[o]=o;n.sort((o,a)=>e[o]-e[a]);let l=[];for(let o=0;o<i.length;o++){let a=i[o],u=Array(t);for(let h=0;h<t;h++)u[h]=
a[n[h]];l.push(u)}return l}function fc(i){let e=i[0][0],t=e.length;for(let n=1;n<i.length;n++){let l=i[n][0];if(l.length!=t)return!1;if(l!=e){for(let o=0;o<t;o++)
if(l[o]!=e[o])return!1}}return!0}function mc(i,e=100){let t=i.length;if(t<=1)return!0;let n=0,l=t-1;for(;n<=l&&i[n]==null;)n++;for(;l>=n&&i[l]==null;)l--;if(l<=
n)return!0;let o=Ue(1,lt((l-n+1)/e));for(let a=i[n],u=n+o;u<=l;u+=o){let h=i[u];if(h!=null){if(h<=a)return!1;a=h}}return!0}var Jo=["January","February","March",
"April","May","June","July","August","September","October","November","December"],Zo=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function Qo(i){
return i.slice(0,3)}var gc=Zo.map(Qo),bc=Jo.map(Qo),vc={MMMM:Jo,MMM:bc,WWWW:Zo,WWW:gc};function Qi(i){return(i<10?"0":"")+i}function wc(i){return(i<10?"00":i<100?
"0":"")+i}var yc={YYYY:i=>i.getFullYear(),YY:i=>(i.getFullYear()+"").slice(2),MMMM:(i,e)=>e.MMMM[i.getMonth()],MMM:(i,e)=>e.MMM[i.getMonth()],MM:i=>Qi(i.getMonth()+
1),M:i=>i.getMonth()+1,DD:i=>Qi(i.getDate()),D:i=>i.getDate(),WWWW:(i,e)=>e.WWWW[i.getDay()],WWW:(i,e)=>e.WWW[i.getDay()],HH:i=>Qi(i.getHours()),H:i=>i.getHours(),
h:i=>{let e=i.getHours();return e==0?12:e>12?e-12:e},AA:i=>i.getHours()>=12?"PM":"AM",aa:i=>i.getHours()>=12?"pm":"am",a:i=>i.getHours()>=12?"p":"a",mm:i=>Qi(i.
getMinutes()),m:i=>i.getMinutes(),ss:i=>Qi(i.getSeconds()),s:i=>i.getSeconds(),fff:i=>wc(i.getMilliseconds())};function Ul(i,e){e=e||vc;let t=[],n=/\{([a-z]+)\}|[^{]+/gi,
l;for(;l=n.exec(i);)t.push(l[0][0]=="{"?yc[l[1]]:l[0]);return o=>{let a="";for(let u=0;u<t.length;u++)a+=typeof t[u]=="string"?t[u]:t[u](o,e);return a}}var xc=new Intl.
DateTimeFormat().resolvedOptions().timeZone;function kc(i,e){let t;return e=="UTC"||e=="Etc/UTC"?t=new Date(+i+i.getTimezoneOffset()*6e4):e==xc?t=i:(t=new Date(
i.toLocaleString("en-US",{timeZone:e})),t.setMilliseconds(i.getMilliseconds())),t}var Xo=i=>i%1==0,Rn=[1,2,2.5,5],Sc=sn(10,-32,0,Rn),er=sn(10,0,32,Rn),_c=er.filter(
Xo),si=Sc.concat(er),jl=`
`,tr="{YYYY}",wo=jl+tr,ir="{M}/{D}",tn=jl+ir,An=tn+"/{YY}",nr="{aa}",Mc="{h}:{mm}",Oi=Mc+nr,yo=jl+Oi,xo=":{ss}",ae=null;function lr(i){let e=i*1e3,t=e*60,n=t*60,
l=n*24,o=l*30,a=l*365,h=(i==1?sn(10,0,3,Rn).filter(Xo):sn(10,-3,0,Rn)).concat([e,e*5,e*10,e*15,e*30,t,t*5,t*10,t*15,t*30,n,n*2,n*3,n*4,n*6,n*8,n*12,l,l*2,l*3,l*
4,l*5,l*6,l*7,l*8,l*9,l*10,l*15,o,o*2,o*3,o*4,o*6,a,a*2,a*5,a*10,a*25,a*50,a*100]),f=[[a,tr,ae,ae,ae,ae,ae,ae,1],[l*28,"{MMM}",wo,ae,ae,ae,ae,ae,1],[l,ir,wo,ae,
ae,ae,ae,ae,1],[n,"{h}"+nr,An,ae,tn,ae,ae,ae,1],[t,Oi,An,ae,tn,ae,ae,ae,1],[e,xo,An+" "+Oi,ae,tn+" "+Oi,ae,yo,ae,1],[i,xo+".{fff}",An+" "+Oi,ae,tn+" "+Oi,ae,yo,
ae,1]];function y(m){return(v,T,A,C,F,I)=>{let S=[],z=F>=a,_=F>=o&&F<a,Y=m(A),O=he(Y*i,3),J=Tl(Y.getFullYear(),z?0:Y.getMonth(),_||z?1:Y.getDate()),U=he(J*i,3);
if(_||z){let X=_?F/o:0,G=z?F/a:0,M=O==U?O:he(Tl(J.getFullYear()+G,J.getMonth()+X,1)*i,3),K=new Date(Ae(M/i)),R=K.getFullYear(),V=K.getMonth();for(let q=0;M<=C;q++){
let te=Tl(R+G*q,V+X*q,1),$=te-m(he(te*i,3));M=he((+te+$)*i,3),M<=C&&S.push(M)}}else{let X=F>=l?l:F,G=lt(A)-lt(O),M=U+G+$n(O-U,X);S.push(M);let K=m(M),R=K.getHours()+
K.getMinutes()/t+K.getSeconds()/n,V=F/n,q=v.axes[T]._space,te=I/q;for(;M=he(M+F,i==1?0:3),!(M>C);)if(V>1){let $=lt(he(R+V,6))%24,ie=m(M).getHours()-$;ie>1&&(ie=
-1),M-=ie*n,R=(R+V)%24;let ce=S[S.length-1];he((M-ce)/F,3)*te>=.7&&S.push(M)}else S.push(M)}return S}}return[h,f,y]}var[Tc,Ec,Lc]=lr(1),[Ac,Pc,Dc]=lr(.001);sn(2,
-53,53,[1]);function ko(i,e){return i.map(t=>t.map((n,l)=>l==0||l==8||n==null?n:e(l==1||t[8]==0?n:t[1]+n)))}function So(i,e){return(t,n,l,o,a)=>{let u=e.find(A=>a>=
A[0])||e[e.length-1],h,f,y,m,v,T;return n.map(A=>{let C=i(A),F=C.getFullYear(),I=C.getMonth(),S=C.getDate(),z=C.getHours(),_=C.getMinutes(),Y=C.getSeconds(),O=F!=
h&&u[2]||I!=f&&u[3]||S!=y&&u[4]||z!=m&&u[5]||_!=v&&u[6]||Y!=T&&u[7]||u[1];return h=F,f=I,y=S,m=z,v=_,T=Y,O(C)})}}function Oc(i,e){let t=Ul(e);return(n,l,o,a,u)=>l.
map(h=>t(i(h)))}function Tl(i,e,t){return new Date(i,e,t)}function _o(i,e){return e(i)}var Cc="{YYYY}-{MM}-{DD} {h}:{mm}{aa}";function Mo(i,e){return(t,n,l,o)=>o==
null?Fl:e(i(n))}function Rc(i,e){let t=i.series[e];return t.width?t.stroke(i,e):t.points.width?t.points.stroke(i,e):null}function Hc(i,e){return i.series[e].fill(
i,e)}var Nc={show:!0,live:!0,isolate:!1,mount:tc,markers:{show:!0,width:2,stroke:Rc,fill:Hc,dash:"solid"},idx:null,idxs:null,values:[]};function $c(i,e){let t=i.
cursor.points,n=ht(),l=t.size(i,e);be(n,Xi,l),be(n,en,l);let o=l/-2;be(n,"marginLeft",o),be(n,"marginTop",o);let a=t.width(i,e,l);return a&&be(n,"borderWidth",a),
n}function qc(i,e){let t=i.series[e].points;return t._fill||t._stroke}function zc(i,e){let t=i.series[e].points;return t._stroke||t._fill}function Fc(i,e){return i.
series[e].points.size}var El=[0,0];function Wc(i,e,t){return El[0]=e,El[1]=t,El}function Pn(i,e,t,n=!0){return l=>{l.button==0&&(!n||l.target==e)&&t(l)}}function Ll(i,e,t,n=!0){
return l=>{(!n||l.target==e)&&t(l)}}var Ic={show:!0,x:!0,y:!0,lock:!1,move:Wc,points:{one:!1,show:$c,size:Fc,width:0,stroke:zc,fill:qc},bind:{mousedown:Pn,mouseup:Pn,
click:Pn,dblclick:Pn,mousemove:Ll,mouseleave:Ll,mouseenter:Ll},drag:{setScale:!0,x:!0,y:!1,dist:0,uni:null,click:(i,e)=>{e.stopPropagation(),e.stopImmediatePropagation()},
_x:!1,_y:!1},focus:{dist:(i,e,t,n,l)=>n-l,prox:-1,bias:0},hover:{skip:[void 0],prox:null,bias:0},left:-10,top:-10,idx:null,dataIdx:null,idxs:null,event:null},sr={
show:!0,stroke:"rgba(0,0,0,0.07)",width:2},Kl=Te({},sr,{filter:Go}),or=Te({},Kl,{size:10}),rr=Te({},sr,{show:!1}),Yl='12px system-ui, -apple-system, "Segoe UI",\
 Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Noto Color Emoji"',ar="bold "+Yl,cr=1.5,To={
show:!0,scale:"x",stroke:zl,space:50,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:ar,side:2,grid:Kl,ticks:or,border:rr,font:Yl,lineGap:cr,rotate:0},
Vc="Value",Bc="Time",Eo={show:!0,scale:"x",auto:!1,sorted:1,min:ue,max:-ue,idxs:[]};function Gc(i,e,t,n,l){return e.map(o=>o==null?"":Bl(o))}function Uc(i,e,t,n,l,o,a){
let u=[],h=Gt.get(l)||0;t=a?t:he($n(t,l),h);for(let f=t;f<=n;f=he(f+l,h))u.push(Object.is(f,-0)?0:f);return u}function Rl(i,e,t,n,l,o,a){let u=[],h=i.scales[i.axes[e].
scale].log,f=h==10?Ht:Io,y=lt(f(t));l=Ri(h,y),h==10&&(l=si[yt(l,si)]);let m=t,v=l*h;h==10&&(v=si[yt(v,si)]);do u.push(m),m=m+l,h==10&&!Gt.has(m)&&(m=he(m,Gt.get(
l))),m>=v&&(l=m,v=l*h,h==10&&(v=si[yt(v,si)]));while(m<=n);return u}function jc(i,e,t,n,l,o,a){let h=i.scales[i.axes[e].scale].asinh,f=n>h?Rl(i,e,Ue(h,t),n,l):[
h],y=n>=0&&t<=0?[0]:[];return(t<-h?Rl(i,e,Ue(h,-n),-t,l):[h]).reverse().map(v=>-v).concat(y,f)}var dr=/./,Kc=/[12357]/,Yc=/[125]/,Lo=/1/,Hl=(i,e,t,n)=>i.map((l,o)=>e==
4&&l==0||o%n==0&&t.test(l.toExponential()[l<0?1:0])?l:null);function Jc(i,e,t,n,l){let o=i.axes[t],a=o.scale,u=i.scales[a],h=i.valToPos,f=o._space,y=h(10,a),m=h(
9,a)-y>=f?dr:h(7,a)-y>=f?Kc:h(5,a)-y>=f?Yc:Lo;if(m==Lo){let v=Pe(h(1,a)-y);if(v<f)return Hl(e.slice().reverse(),u.distr,m,pt(f/v)).reverse()}return Hl(e,u.distr,
m,1)}function Zc(i,e,t,n,l){let o=i.axes[t],a=o.scale,u=o._space,h=i.valToPos,f=Pe(h(1,a)-h(2,a));return f<u?Hl(e.slice().reverse(),3,dr,pt(u/f)).reverse():e}function Qc(i,e,t,n){
return n==null?Fl:e==null?"":Bl(e)}var Ao={show:!0,scale:"y",stroke:zl,space:30,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:ar,side:3,grid:Kl,ticks:or,
border:rr,font:Yl,lineGap:cr,rotate:0};function Xc(i,e){let t=3+(i||1)*2;return he(t*e,3)}function ed(i,e){let{scale:t,idxs:n}=i.series[0],l=i._data[0],o=i.valToPos(
l[n[0]],t,!0),a=i.valToPos(l[n[1]],t,!0),u=Pe(a-o),h=i.series[e],f=u/(h.points.space*oe);return n[1]-n[0]<=f}var Po={scale:null,auto:!0,sorted:0,min:ue,max:-ue},
ur=(i,e,t,n,l)=>l,Do={show:!0,auto:!0,sorted:0,gaps:ur,alpha:1,facets:[Te({},Po,{scale:"x"}),Te({},Po,{scale:"y"})]},Oo={scale:"y",auto:!0,sorted:0,show:!0,spanGaps:!1,
gaps:ur,alpha:1,points:{show:ed,filter:null},values:null,min:ue,max:-ue,idxs:[],path:null,clip:null};function td(i,e,t,n,l){return t/10}var hr={time:!0,auto:!0,
distr:1,log:10,asinh:1,min:null,max:null,dir:1,ori:0},id=Te({},hr,{time:!1,ori:1}),Co={};function pr(i,e){let t=Co[i];return t||(t={key:i,plots:[],sub(n){t.plots.
push(n)},unsub(n){t.plots=t.plots.filter(l=>l!=n)},pub(n,l,o,a,u,h,f){for(let y=0;y<t.plots.length;y++)t.plots[y]!=l&&t.plots[y].pub(n,l,o,a,u,h,f)}},i!=null&&(Co[i]=
t)),t}var $i=1,Nl=2;function ci(i,e,t){let n=i.mode,l=i.series[e],o=n==2?i._data[e]:i._data,a=i.scales,u=i.bbox,h=o[0],f=n==2?o[1]:o[e],y=n==2?a[l.facets[0].scale]:
a[i.series[0].scale],m=n==2?a[l.facets[1].scale]:a[l.scale],v=u.left,T=u.top,A=u.width,C=u.height,F=i.valToPosH,I=i.valToPosV;return y.ori==0?t(l,h,f,y,m,F,I,v,
T,A,C,Fn,zi,In,mr,br):t(l,h,f,y,m,I,F,T,v,C,A,Wn,Fi,Ql,gr,vr)}function Jl(i,e){let t=0,n=0,l=le(i.bands,Gl);for(let o=0;o<l.length;o++){let a=l[o];a.series[0]==
e?t=a.dir:a.series[1]==e&&(a.dir==1?n|=1:n|=2)}return[t,n==1?-1:n==2?1:n==3?2:0]}function nd(i,e,t,n,l){let o=i.mode,a=i.series[e],u=o==2?a.facets[1].scale:a.scale,
h=i.scales[u];return l==-1?h.min:l==1?h.max:h.distr==3?h.dir==1?h.min:h.max:0}function Nt(i,e,t,n,l,o){return ci(i,e,(a,u,h,f,y,m,v,T,A,C,F)=>{let I=a.pxRound,S=f.
dir*(f.ori==0?1:-1),z=f.ori==0?zi:Fi,_,Y;S==1?(_=t,Y=n):(_=n,Y=t);let O=I(m(u[_],f,C,T)),J=I(v(h[_],y,F,A)),U=I(m(u[Y],f,C,T)),X=I(v(o==1?y.max:y.min,y,F,A)),G=new Path2D(
l);return z(G,U,X),z(G,O,X),z(G,O,J),G})}function zn(i,e,t,n,l,o){let a=null;if(i.length>0){a=new Path2D;let u=e==0?In:Ql,h=t;for(let m=0;m<i.length;m++){let v=i[m];
if(v[1]>v[0]){let T=v[0]-h;T>0&&u(a,h,n,T,n+o),h=v[1]}}let f=t+l-h,y=10;f>0&&u(a,h,n-y/2,f,n+o+y)}return a}function ld(i,e,t){let n=i[i.length-1];n&&n[0]==e?n[1]=
t:i.push([e,t])}function Zl(i,e,t,n,l,o,a){let u=[],h=i.length;for(let f=l==1?t:n;f>=t&&f<=n;f+=l)if(e[f]===null){let m=f,v=f;if(l==1)for(;++f<=n&&e[f]===null;)
v=f;else for(;--f>=t&&e[f]===null;)v=f;let T=o(i[m]),A=v==m?T:o(i[v]),C=m-l;T=a<=0&&C>=0&&C<h?o(i[C]):T;let I=v+l;A=a>=0&&I>=0&&I<h?o(i[I]):A,A>=T&&u.push([T,A])}
return u}function Ro(i){return i==0?Bo:i==1?Ae:e=>li(e,i)}function fr(i){let e=i==0?Fn:Wn,t=i==0?(l,o,a,u,h,f)=>{l.arcTo(o,a,u,h,f)}:(l,o,a,u,h,f)=>{l.arcTo(a,o,
h,u,f)},n=i==0?(l,o,a,u,h)=>{l.rect(o,a,u,h)}:(l,o,a,u,h)=>{l.rect(a,o,h,u)};return(l,o,a,u,h,f=0,y=0)=>{f==0&&y==0?n(l,o,a,u,h):(f=xt(f,u/2,h/2),y=xt(y,u/2,h/2),
e(l,o+f,a),t(l,o+u,a,o+u,a+h,f),t(l,o+u,a+h,o,a+h,y),t(l,o,a+h,o,a,y),t(l,o,a,o+u,a,f),l.closePath())}}var Fn=(i,e,t)=>{i.moveTo(e,t)},Wn=(i,e,t)=>{i.moveTo(t,e)},
zi=(i,e,t)=>{i.lineTo(e,t)},Fi=(i,e,t)=>{i.lineTo(t,e)},In=fr(0),Ql=fr(1),mr=(i,e,t,n,l,o)=>{i.arc(e,t,n,l,o)},gr=(i,e,t,n,l,o)=>{i.arc(t,e,n,l,o)},br=(i,e,t,n,l,o,a)=>{
i.bezierCurveTo(e,t,n,l,o,a)},vr=(i,e,t,n,l,o,a)=>{i.bezierCurveTo(t,e,l,n,a,o)};function wr(i){return(e,t,n,l,o)=>ci(e,t,(a,u,h,f,y,m,v,T,A,C,F)=>{let{pxRound:I,
points:S}=a,z,_;f.ori==0?(z=Fn,_=mr):(z=Wn,_=gr);let Y=he(S.width*oe,3),O=(S.size-S.width)/2*oe,J=he(O*2,3),U=new Path2D,X=new Path2D,{left:G,top:M,width:K,height:R}=e.
bbox;In(X,G-J,M-J,K+J*2,R+J*2);let V=q=>{if(h[q]!=null){let te=I(m(u[q],f,C,T)),$=I(v(h[q],y,F,A));z(U,te+O,$),_(U,te,$,O,0,Dn*2)}};if(o)o.forEach(V);else for(let q=n;q<=
l;q++)V(q);return{stroke:Y>0?U:null,fill:U,clip:X,flags:$i|Nl}})}function yr(i){return(e,t,n,l,o,a)=>{n!=l&&(o!=n&&a!=n&&i(e,t,n),o!=l&&a!=l&&i(e,t,l),i(e,t,a))}}
var sd=yr(zi),od=yr(Fi);function xr(i){let e=le(i?.alignGaps,0);return(t,n,l,o)=>ci(t,n,(a,u,h,f,y,m,v,T,A,C,F)=>{[l,o]=Hn(h,l,o);let I=a.pxRound,S=R=>I(m(R,f,C,
T)),z=R=>I(v(R,y,F,A)),_,Y;f.ori==0?(_=zi,Y=sd):(_=Fi,Y=od);let O=f.dir*(f.ori==0?1:-1),J={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:$i},U=J.
stroke,X=!1;if(o-l>=C*4){let R=H=>t.posToVal(H,f.key,!0),V=null,q=null,te,$,Ke,ve=S(u[O==1?l:o]),ie=S(u[l]),ce=S(u[o]),Z=R(O==1?ie+1:ce-1);for(let H=O==1?l:o;H>=
l&&H<=o;H+=O){let Ee=u[H],we=(O==1?Ee<Z:Ee>Z)?ve:S(Ee),re=h[H];we==ve?re!=null?($=re,V==null?(_(U,we,z($)),te=V=q=$):$<V?V=$:$>q&&(q=$)):re===null&&(X=!0):(V!=null&&
Y(U,ve,z(V),z(q),z(te),z($)),re!=null?($=re,_(U,we,z($)),V=q=te=$):(V=q=null,re===null&&(X=!0)),ve=we,Z=R(ve+O))}V!=null&&V!=q&&Ke!=ve&&Y(U,ve,z(V),z(q),z(te),z(
$))}else for(let R=O==1?l:o;R>=l&&R<=o;R+=O){let V=h[R];V===null?X=!0:V!=null&&_(U,S(u[R]),z(V))}let[M,K]=Jl(t,n);if(a.fill!=null||M!=0){let R=J.fill=new Path2D(
U),V=a.fillTo(t,n,a.min,a.max,M),q=z(V),te=S(u[l]),$=S(u[o]);O==-1&&([$,te]=[te,$]),_(R,$,q),_(R,te,q)}if(!a.spanGaps){let R=[];X&&R.push(...Zl(u,h,l,o,O,S,e)),
J.gaps=R=a.gaps(t,n,l,o,R),J.clip=zn(R,f.ori,T,A,C,F)}return K!=0&&(J.band=K==2?[Nt(t,n,l,o,U,-1),Nt(t,n,l,o,U,1)]:Nt(t,n,l,o,U,K)),J})}function rd(i){let e=le(
i.align,1),t=le(i.ascDesc,!1),n=le(i.alignGaps,0),l=le(i.extend,!1);return(o,a,u,h)=>ci(o,a,(f,y,m,v,T,A,C,F,I,S,z)=>{[u,h]=Hn(m,u,h);let _=f.pxRound,{left:Y,width:O}=o.
bbox,J=ie=>_(A(ie,v,S,F)),U=ie=>_(C(ie,T,z,I)),X=v.ori==0?zi:Fi,G={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:$i},M=G.stroke,K=v.dir*(v.ori==
0?1:-1),R=U(m[K==1?u:h]),V=J(y[K==1?u:h]),q=V,te=V;l&&e==-1&&(te=Y,X(M,te,R)),X(M,V,R);for(let ie=K==1?u:h;ie>=u&&ie<=h;ie+=K){let ce=m[ie];if(ce==null)continue;
let Z=J(y[ie]),H=U(ce);e==1?X(M,Z,R):X(M,q,H),X(M,Z,H),R=H,q=Z}let $=q;l&&e==1&&($=Y+O,X(M,$,R));let[Ke,ve]=Jl(o,a);if(f.fill!=null||Ke!=0){let ie=G.fill=new Path2D(
M),ce=f.fillTo(o,a,f.min,f.max,Ke),Z=U(ce);X(ie,$,Z),X(ie,te,Z)}if(!f.spanGaps){let ie=[];ie.push(...Zl(y,m,u,h,K,J,n));let ce=f.width*oe/2,Z=t||e==1?ce:-ce,H=t||
e==-1?-ce:ce;ie.forEach(Ee=>{Ee[0]+=Z,Ee[1]+=H}),G.gaps=ie=f.gaps(o,a,u,h,ie),G.clip=zn(ie,v.ori,F,I,S,z)}return ve!=0&&(G.band=ve==2?[Nt(o,a,u,h,M,-1),Nt(o,a,u,
h,M,1)]:Nt(o,a,u,h,M,ve)),G})}function Ho(i,e,t,n,l,o,a=ue){if(i.length>1){let u=null;for(let h=0,f=1/0;h<i.length;h++)if(e[h]!==void 0){if(u!=null){let y=Pe(i[h]-
i[u]);y<f&&(f=y,a=Pe(t(i[h],n,l,o)-t(i[u],n,l,o)))}u=h}}return a}function ad(i){i=i||ln;let e=le(i.size,[.6,ue,1]),t=i.align||0,n=i.gap||0,l=i.radius;l=l==null?
[0,0]:typeof l=="number"?[l,0]:l;let o=ee(l),a=1-e[0],u=le(e[1],ue),h=le(e[2],1),f=le(i.disp,ln),y=le(i.each,T=>{}),{fill:m,stroke:v}=f;return(T,A,C,F)=>ci(T,A,
(I,S,z,_,Y,O,J,U,X,G,M)=>{let K=I.pxRound,R=t,V=n*oe,q=u*oe,te=h*oe,$,Ke;_.ori==0?[$,Ke]=o(T,A):[Ke,$]=o(T,A);let ve=_.dir*(_.ori==0?1:-1),ie=_.ori==0?In:Ql,ce=_.
ori==0?y:(P,pe,Le,fi,Kt,St,Yt)=>{y(P,pe,Le,Kt,fi,Yt,St)},Z=le(T.bands,Gl).find(P=>P.series[0]==A),H=Z!=null?Z.dir:0,Ee=I.fillTo(T,A,I.min,I.max,H),We=K(J(Ee,Y,M,
X)),we,re,ft,Ze=G,xe=K(I.width*oe),kt=!1,Dt=null,ot=null,qt=null,ui=null;m!=null&&(xe==0||v!=null)&&(kt=!0,Dt=m.values(T,A,C,F),ot=new Map,new Set(Dt).forEach(P=>{
P!=null&&ot.set(P,new Path2D)}),xe>0&&(qt=v.values(T,A,C,F),ui=new Map,new Set(qt).forEach(P=>{P!=null&&ui.set(P,new Path2D)})));let{x0:hi,size:Ii}=f;if(hi!=null&&
Ii!=null){R=1,S=hi.values(T,A,C,F),hi.unit==2&&(S=S.map(Le=>T.posToVal(U+Le*G,_.key,!0)));let P=Ii.values(T,A,C,F);Ii.unit==2?re=P[0]*G:re=O(P[0],_,G,U)-O(0,_,G,
U),Ze=Ho(S,z,O,_,G,U,Ze),ft=Ze-re+V}else Ze=Ho(S,z,O,_,G,U,Ze),ft=Ze*a+V,re=Ze-ft;ft<1&&(ft=0),xe>=re/2&&(xe=0),ft<5&&(K=Bo);let cn=ft>0,Ut=Ze-ft-(cn?xe:0);re=K(
Cl(Ut,te,q)),we=(R==0?re/2:R==ve?0:re)-R*ve*((R==0?V/2:0)+(cn?xe/2:0));let Ie={stroke:null,fill:null,clip:null,band:null,gaps:null,flags:0},pi=kt?null:new Path2D,
Ot=null;if(Z!=null)Ot=T.data[Z.series[1]];else{let{y0:P,y1:pe}=f;P!=null&&pe!=null&&(z=pe.values(T,A,C,F),Ot=P.values(T,A,C,F))}let jt=$*re,j=Ke*re;for(let P=ve==
1?C:F;P>=C&&P<=F;P+=ve){let pe=z[P];if(pe==null)continue;if(Ot!=null){let Ye=Ot[P]??0;if(pe-Ye==0)continue;We=J(Ye,Y,M,X)}let Le=_.distr!=2||f!=null?S[P]:P,fi=O(
Le,_,G,U),Kt=J(le(pe,Ee),Y,M,X),St=K(fi-we),Yt=K(Ue(Kt,We)),Qe=K(xt(Kt,We)),rt=Yt-Qe;if(pe!=null){let Ye=pe<0?j:jt,mt=pe<0?jt:j;kt?(xe>0&&qt[P]!=null&&ie(ui.get(
qt[P]),St,Qe+lt(xe/2),re,Ue(0,rt-xe),Ye,mt),Dt[P]!=null&&ie(ot.get(Dt[P]),St,Qe+lt(xe/2),re,Ue(0,rt-xe),Ye,mt)):ie(pi,St,Qe+lt(xe/2),re,Ue(0,rt-xe),Ye,mt),ce(T,
A,P,St-xe/2,Qe,re+xe,rt)}}return xe>0?Ie.stroke=kt?ui:pi:kt||(Ie._fill=I.width==0?I._fill:I._stroke??I._fill,Ie.width=0),Ie.fill=kt?ot:pi,Ie})}function cd(i,e){
let t=le(e?.alignGaps,0);return(n,l,o,a)=>ci(n,l,(u,h,f,y,m,v,T,A,C,F,I)=>{[o,a]=Hn(f,o,a);let S=u.pxRound,z=$=>S(v($,y,F,A)),_=$=>S(T($,m,I,C)),Y,O,J;y.ori==0?
(Y=Fn,J=zi,O=br):(Y=Wn,J=Fi,O=vr);let U=y.dir*(y.ori==0?1:-1),X=z(h[U==1?o:a]),G=X,M=[],K=[];for(let $=U==1?o:a;$>=o&&$<=a;$+=U)if(f[$]!=null){let ve=h[$],ie=z(
ve);M.push(G=ie),K.push(_(f[$]))}let R={stroke:i(M,K,Y,J,O,S),fill:null,clip:null,band:null,gaps:null,flags:$i},V=R.stroke,[q,te]=Jl(n,l);if(u.fill!=null||q!=0){
let $=R.fill=new Path2D(V),Ke=u.fillTo(n,l,u.min,u.max,q),ve=_(Ke);J($,G,ve),J($,X,ve)}if(!u.spanGaps){let $=[];$.push(...Zl(h,f,o,a,U,z,t)),R.gaps=$=u.gaps(n,l,
o,a,$),R.clip=zn($,y.ori,A,C,F,I)}return te!=0&&(R.band=te==2?[Nt(n,l,o,a,V,-1),Nt(n,l,o,a,V,1)]:Nt(n,l,o,a,V,te)),R})}function dd(i){return cd(ud,i)}function ud(i,e,t,n,l,o){
let a=i.length;if(a<2)return null;let u=new Path2D;if(t(u,i[0],e[0]),a==2)n(u,i[1],e[1]);else{let h=Array(a),f=Array(a-1),y=Array(a-1),m=Array(a-1);for(let v=0;v<
a-1;v++)y[v]=e[v+1]-e[v],m[v]=i[v+1]-i[v],f[v]=y[v]/m[v];h[0]=f[0];for(let v=1;v<a-1;v++)f[v]===0||f[v-1]===0||f[v-1]>0!=f[v]>0?h[v]=0:(h[v]=3*(m[v-1]+m[v])/((2*
m[v]+m[v-1])/f[v-1]+(m[v]+2*m[v-1])/f[v]),isFinite(h[v])||(h[v]=0));h[a-1]=f[a-2];for(let v=0;v<a-1;v++)l(u,i[v]+m[v]/3,e[v]+h[v]*m[v]/3,i[v+1]-m[v]/3,e[v+1]-h[v+
1]*m[v]/3,i[v+1],e[v+1])}return u}var $l=new Set;function No(){for(let i of $l)i.syncRect(!0)}qi&&(ri(Ga,Ci,No),ri(Ua,Ci,No,!0),ri(On,Ci,()=>{De.pxRatio=oe}));var hd=xr(),
pd=wr();function $o(i,e,t,n){return(n?[i[0],i[1]].concat(i.slice(2)):[i[0]].concat(i.slice(1))).map((o,a)=>ql(o,a,e,t))}function fd(i,e){return i.map((t,n)=>n==
0?{}:Te({},e,t))}function ql(i,e,t,n){return Te({},e==0?t:n,i)}function kr(i,e,t){return e==null?Hi:[e,t]}var md=kr;function gd(i,e,t){return e==null?Hi:Cn(e,t,
Vl,!0)}function Sr(i,e,t,n){return e==null?Hi:Nn(e,t,i.scales[n].log,!1)}var bd=Sr;function _r(i,e,t,n){return e==null?Hi:Il(e,t,i.scales[n].log,!1)}var vd=_r;function wd(i,e,t,n,l){
let o=Ue(mo(i),mo(e)),a=e-i,u=yt(l/n*a,t);do{let h=t[u],f=n*h/a;if(f>=l&&o+(h<5?Gt.get(h):0)<=17)return[h,f]}while(++u<t.length);return[0,0]}function qo(i){let e,
t;return i=i.replace(/(\d+)px/,(n,l)=>(e=Ae((t=+l)*oe))+"px"),[i,e,t]}function yd(i){i.show&&[i.font,i.labelFont].forEach(e=>{let t=he(e[2]*oe,1);e[0]=e[0].replace(
/[0-9.]+px/,t+"px"),e[1]=t})}function De(i,e,t){let n={mode:le(i.mode,1)},l=n.mode;function o(s,r,c,d){let p=r.valToPct(s);return d+c*(r.dir==-1?1-p:p)}function a(s,r,c,d){
let p=r.valToPct(s);return d+c*(r.dir==-1?p:1-p)}function u(s,r,c,d){return r.ori==0?o(s,r,c,d):a(s,r,c,d)}n.valToPosH=o,n.valToPosV=a;let h=!1;n.status=0;let f=n.
root=ht(Ea);if(i.id!=null&&(f.id=i.id),nt(f,i.class),i.title){let s=ht(Pa,f);s.textContent=i.title}let y=wt("canvas"),m=n.ctx=y.getContext("2d"),v=ht(Da,f);ri("\
click",v,s=>{s.target===A&&(fe!=Mi||ye!=Ti)&&ze.click(n,s)},!0);let T=n.under=ht(Oa,v);v.appendChild(y);let A=n.over=ht(Ca,v);i=Ni(i);let C=+le(i.pxAlign,1),F=Ro(
C);(i.plugins||[]).forEach(s=>{s.opts&&(i=s.opts(n,i)||i)});let I=i.ms||.001,S=n.series=l==1?$o(i.series||[],Eo,Oo,!1):fd(i.series||[null],Do),z=n.axes=$o(i.axes||
[],To,Ao,!0),_=n.scales={},Y=n.bands=i.bands||[];Y.forEach(s=>{s.fill=ee(s.fill||null),s.dir=le(s.dir,-1)});let O=l==2?S[1].facets[0].scale:S[0].scale,J={axes:Qr,
series:jr},U=(i.drawOrder||["axes","series"]).map(s=>J[s]);function X(s){let r=s.distr==3?c=>Ht(c>0?c:s.clamp(n,c,s.min,s.max,s.key)):s.distr==4?c=>Ml(c,s.asinh):
s.distr==100?c=>s.fwd(c):c=>c;return c=>{let d=r(c),{_min:p,_max:g}=s,w=g-p;return(d-p)/w}}function G(s){let r=_[s];if(r==null){let c=(i.scales||ln)[s]||ln;if(c.
from!=null){G(c.from);let d=Te({},_[c.from],c,{key:s});d.valToPct=X(d),_[s]=d}else{r=_[s]=Te({},s==O?hr:id,c),r.key=s;let d=r.time,p=r.range,g=Bt(p);if((s!=O||l==
2&&!d)&&(g&&(p[0]==null||p[1]==null)&&(p={min:p[0]==null?ho:{mode:1,hard:p[0],soft:p[0]},max:p[1]==null?ho:{mode:1,hard:p[1],soft:p[1]}},g=!1),!g&&qn(p))){let w=p;
p=(x,k,E)=>k==null?Hi:Cn(k,E,w)}r.range=ee(p||(d?md:s==O?r.distr==3?bd:r.distr==4?vd:kr:r.distr==3?Sr:r.distr==4?_r:gd)),r.auto=ee(g?!1:r.auto),r.clamp=ee(r.clamp||
td),r._min=r._max=null,r.valToPct=X(r)}}}G("x"),G("y"),l==1&&S.forEach(s=>{G(s.scale)}),z.forEach(s=>{G(s.scale)});for(let s in i.scales)G(s);let M=_[O],K=M.distr,
R,V;M.ori==0?(nt(f,La),R=o,V=a):(nt(f,Aa),R=a,V=o);let q={};for(let s in _){let r=_[s];(r.min!=null||r.max!=null)&&(q[s]={min:r.min,max:r.max},r.min=r.max=null)}
let te=i.tzDate||(s=>new Date(Ae(s/I))),$=i.fmtDate||Ul,Ke=I==1?Lc(te):Dc(te),ve=So(te,ko(I==1?Ec:Pc,$)),ie=Mo(te,_o(Cc,$)),ce=[],Z=n.legend=Te({},Nc,i.legend),
H=n.cursor=Te({},Ic,{drag:{y:l==2}},i.cursor),Ee=Z.show,We=H.show,we=Z.markers;Z.idxs=ce,we.width=ee(we.width),we.dash=ee(we.dash),we.stroke=ee(we.stroke),we.fill=
ee(we.fill);let re,ft,Ze,xe=[],kt=[],Dt,ot=!1,qt={};if(Z.live){let s=S[1]?S[1].values:null;ot=s!=null,Dt=ot?s(n,1,0):{_:0};for(let r in Dt)qt[r]=Fl}if(Ee)if(re=
wt("table",za,f),Ze=wt("tbody",null,re),Z.mount(n,re),ot){ft=wt("thead",null,re,Ze);let s=wt("tr",null,ft);wt("th",null,s);for(var ui in Dt)wt("th",Qs,s).textContent=
ui}else nt(re,Wa),Z.live&&nt(re,Fa);let hi={show:!0},Ii={show:!1};function cn(s,r){if(r==0&&(ot||!Z.live||l==2))return Hi;let c=[],d=wt("tr",Ia,Ze,Ze.childNodes[r]);
nt(d,s.class),s.show||nt(d,oi);let p=wt("th",null,d);if(we.show){let x=ht(Va,p);if(r>0){let k=we.width(n,r);k&&(x.style.border=k+"px "+we.dash(n,r)+" "+we.stroke(
n,r)),x.style.background=we.fill(n,r)}}let g=ht(Qs,p);s.label instanceof HTMLElement?g.appendChild(s.label):g.textContent=s.label,r>0&&(we.show||(g.style.color=
s.width>0?we.stroke(n,r):we.fill(n,r)),Ie("click",p,x=>{if(H._lock)return;Zt(x);let k=S.indexOf(s);if((x.ctrlKey||x.metaKey)!=Z.isolate){let E=S.some((L,D)=>D>0&&
D!=k&&L.show);S.forEach((L,D)=>{D>0&&Mt(D,E?D==k?hi:Ii:hi,!0,Me.setSeries)})}else Mt(k,{show:!s.show},!0,Me.setSeries)},!1),gi&&Ie(io,p,x=>{H._lock||(Zt(x),Mt(S.
indexOf(s),Li,!0,Me.setSeries))},!1));for(var w in Dt){let x=wt("td",Ba,d);x.textContent="--",c.push(x)}return[d,c]}let Ut=new Map;function Ie(s,r,c,d=!0){let p=Ut.
get(r)||{},g=H.bind[s](n,r,c,d);g&&(ri(s,r,p[s]=g),Ut.set(r,p))}function pi(s,r,c){let d=Ut.get(r)||{};for(let p in d)(s==null||p==s)&&(Ol(p,r,d[p]),delete d[p]);
s==null&&Ut.delete(r)}let Ot=0,jt=0,j=0,P=0,pe=0,Le=0,fi=pe,Kt=Le,St=j,Yt=P,Qe=0,rt=0,Ye=0,mt=0;n.bbox={};let Kn=!1,dn=!1,mi=!1,Jt=!1,un=!1,at=!1;function Yn(s,r,c){
(c||s!=n.width||r!=n.height)&&is(s,r),xi(!1),mi=!0,dn=!0,ki()}function is(s,r){n.width=Ot=j=s,n.height=jt=P=r,pe=Le=0,Fr(),Wr();let c=n.bbox;Qe=c.left=li(pe*oe,
.5),rt=c.top=li(Le*oe,.5),Ye=c.width=li(j*oe,.5),mt=c.height=li(P*oe,.5)}let $r=3;function qr(){let s=!1,r=0;for(;!s;){r++;let c=Jr(r),d=Zr(r);s=r==$r||c&&d,s||
(is(n.width,n.height),dn=!0)}}function zr({width:s,height:r}){Yn(s,r)}n.setSize=zr;function Fr(){let s=!1,r=!1,c=!1,d=!1;z.forEach((p,g)=>{if(p.show&&p._show){let{
side:w,_size:x}=p,k=w%2,E=p.label!=null?p.labelSize:0,L=x+E;L>0&&(k?(j-=L,w==3?(pe+=L,d=!0):c=!0):(P-=L,w==0?(Le+=L,s=!0):r=!0))}}),Qt[0]=s,Qt[1]=c,Qt[2]=r,Qt[3]=
d,j-=zt[1]+zt[3],pe+=zt[3],P-=zt[2]+zt[0],Le+=zt[0]}function Wr(){let s=pe+j,r=Le+P,c=pe,d=Le;function p(g,w){switch(g){case 1:return s+=w,s-w;case 2:return r+=
w,r-w;case 3:return c-=w,c+w;case 0:return d-=w,d+w}}z.forEach((g,w)=>{if(g.show&&g._show){let x=g.side;g._pos=p(x,g._size),g.label!=null&&(g._lpos=p(x,g.labelSize))}})}
if(H.dataIdx==null){let s=H.hover,r=s.skip=new Set(s.skip??[]);r.add(void 0);let c=s.prox=ee(s.prox),d=s.bias??=0;H.dataIdx=(p,g,w,x)=>{if(g==0)return w;let k=w,
E=c(p,g,w,x)??ue,L=E>=0&&E<ue,D=M.ori==0?j:P,B=H.left,se=e[0],ne=e[g];if(r.has(ne[w])){k=null;let Q=null,W=null,N;if(d==0||d==-1)for(N=w;Q==null&&N-- >0;)r.has(
ne[N])||(Q=N);if(d==0||d==1)for(N=w;W==null&&N++<ne.length;)r.has(ne[N])||(W=N);if(Q!=null||W!=null)if(L){let ge=Q==null?-1/0:R(se[Q],M,D,0),ke=W==null?1/0:R(se[W],
M,D,0),$e=B-ge,de=ke-B;$e<=de?$e<=E&&(k=Q):de<=E&&(k=W)}else k=W==null?Q:Q==null?W:w-Q<=W-w?Q:W}else L&&Pe(B-R(se[w],M,D,0))>E&&(k=null);return k}}let Zt=s=>{H.
event=s};H.idxs=ce,H._lock=!1;let Fe=H.points;Fe.show=ee(Fe.show),Fe.size=ee(Fe.size),Fe.stroke=ee(Fe.stroke),Fe.width=ee(Fe.width),Fe.fill=ee(Fe.fill);let _t=n.
focus=Te({},i.focus||{alpha:.3},H.focus),gi=_t.prox>=0,bi=gi&&Fe.one,ct=[],vi=[],wi=[];function ns(s,r){let c=Fe.show(n,r);if(c instanceof HTMLElement)return nt(
c,qa),nt(c,s.class),Pt(c,-10,-10,j,P),A.insertBefore(c,ct[r]),c}function ls(s,r){if(l==1||r>0){let c=l==1&&_[s.scale].time,d=s.value;s.value=c?vo(d)?Mo(te,_o(d,
$)):d||ie:d||Qc,s.label=s.label||(c?Bc:Vc)}if(bi||r>0){s.width=s.width==null?1:s.width,s.paths=s.paths||hd||ic,s.fillTo=ee(s.fillTo||nd),s.pxAlign=+le(s.pxAlign,
C),s.pxRound=Ro(s.pxAlign),s.stroke=ee(s.stroke||null),s.fill=ee(s.fill||null),s._stroke=s._fill=s._paths=s._focus=null;let c=Xc(Ue(1,s.width),1),d=s.points=Te(
{},{size:c,width:Ue(1,c*.2),stroke:s.stroke,space:c*2,paths:pd,_stroke:null,_fill:null},s.points);d.show=ee(d.show),d.filter=ee(d.filter),d.fill=ee(d.fill),d.stroke=
ee(d.stroke),d.paths=ee(d.paths),d.pxAlign=s.pxAlign}if(Ee){let c=cn(s,r);xe.splice(r,0,c[0]),kt.splice(r,0,c[1]),Z.values.push(null)}if(We){ce.splice(r,0,null);
let c=null;bi?r==0&&(c=ns(s,r)):r>0&&(c=ns(s,r)),ct.splice(r,0,c),vi.splice(r,0,0),wi.splice(r,0,0)}Ne("addSeries",r)}function Ir(s,r){r=r??S.length,s=l==1?ql(s,
r,Eo,Oo):ql(s,r,{},Do),S.splice(r,0,s),ls(S[r],r)}n.addSeries=Ir;function Vr(s){if(S.splice(s,1),Ee){Z.values.splice(s,1),kt.splice(s,1);let r=xe.splice(s,1)[0];
pi(null,r.firstChild),r.remove()}We&&(ce.splice(s,1),ct.splice(s,1)[0].remove(),vi.splice(s,1),wi.splice(s,1)),Ne("delSeries",s)}n.delSeries=Vr;let Qt=[!1,!1,!1,
!1];function Br(s,r){if(s._show=s.show,s.show){let c=s.side%2,d=_[s.scale];d==null&&(s.scale=c?S[1].scale:O,d=_[s.scale]);let p=d.time;s.size=ee(s.size),s.space=
ee(s.space),s.rotate=ee(s.rotate),Bt(s.incrs)&&s.incrs.forEach(w=>{!Gt.has(w)&&Gt.set(w,jo(w))}),s.incrs=ee(s.incrs||(d.distr==2?_c:p?I==1?Tc:Ac:si)),s.splits=ee(
s.splits||(p&&d.distr==1?Ke:d.distr==3?Rl:d.distr==4?jc:Uc)),s.stroke=ee(s.stroke),s.grid.stroke=ee(s.grid.stroke),s.ticks.stroke=ee(s.ticks.stroke),s.border.stroke=
ee(s.border.stroke);let g=s.values;s.values=Bt(g)&&!Bt(g[0])?ee(g):p?Bt(g)?So(te,ko(g,$)):vo(g)?Oc(te,g):g||ve:g||Gc,s.filter=ee(s.filter||(d.distr>=3&&d.log==10?
Jc:d.distr==3&&d.log==2?Zc:Go)),s.font=qo(s.font),s.labelFont=qo(s.labelFont),s._size=s.size(n,null,r,0),s._space=s._rotate=s._incrs=s._found=s._splits=s._values=
null,s._size>0&&(Qt[r]=!0,s._el=ht(Ra,v))}}function Vi(s,r,c,d){let[p,g,w,x]=c,k=r%2,E=0;return k==0&&(x||g)&&(E=r==0&&!p||r==2&&!w?Ae(To.size/3):0),k==1&&(p||w)&&
(E=r==1&&!g||r==3&&!x?Ae(Ao.size/2):0),E}let ss=n.padding=(i.padding||[Vi,Vi,Vi,Vi]).map(s=>ee(le(s,Vi))),zt=n._padding=ss.map((s,r)=>s(n,r,Qt,0)),qe,Oe=null,Ce=null,
hn=l==1?S[0].idxs:null,gt=null,Bi=!1;function os(s,r){if(e=s??[],n.data=n._data=e,l==2){qe=0;for(let c=1;c<S.length;c++)qe+=e[c][0].length}else{e.length==0&&(n.
data=n._data=e=[[]]),gt=e[0],qe=gt.length;let c=e;if(K==2){c=e.slice();let d=c[0]=Array(qe);for(let p=0;p<qe;p++)d[p]=p}n._data=e=c}if(xi(!0),Ne("setData"),K==2&&
(mi=!0),r!==!1){let c=M;c.auto(n,Bi)?Jn():Wt(O,c.min,c.max),Jt=Jt||H.left>=0,at=!0,ki()}}n.setData=os;function Jn(){Bi=!0;let s,r;l==1&&(qe>0?(Oe=hn[0]=0,Ce=hn[1]=
qe-1,s=e[0][Oe],r=e[0][Ce],K==2?(s=Oe,r=Ce):s==r&&(K==3?[s,r]=Nn(s,s,M.log,!1):K==4?[s,r]=Il(s,s,M.log,!1):M.time?r=s+Ae(86400/I):[s,r]=Cn(s,r,Vl,!0))):(Oe=hn[0]=
s=null,Ce=hn[1]=r=null)),Wt(O,s,r)}let pn,yi,Zn,Qn,Xn,el,tl,il,nl,Je;function rs(s,r,c,d,p,g){s??=eo,c??=Gl,d??="butt",p??=eo,g??="round",s!=pn&&(m.strokeStyle=
pn=s),p!=yi&&(m.fillStyle=yi=p),r!=Zn&&(m.lineWidth=Zn=r),g!=Xn&&(m.lineJoin=Xn=g),d!=el&&(m.lineCap=el=d),c!=Qn&&m.setLineDash(Qn=c)}function as(s,r,c,d){r!=yi&&
(m.fillStyle=yi=r),s!=tl&&(m.font=tl=s),c!=il&&(m.textAlign=il=c),d!=nl&&(m.textBaseline=nl=d)}function ll(s,r,c,d,p=0){if(d.length>0&&s.auto(n,Bi)&&(r==null||r.
min==null)){let g=le(Oe,0),w=le(Ce,d.length-1),x=c.min==null?Ja(d,g,w,p,s.distr==3):[c.min,c.max];s.min=xt(s.min,c.min=x[0]),s.max=Ue(s.max,c.max=x[1])}}let cs={
min:null,max:null};function Gr(){for(let d in _){let p=_[d];q[d]==null&&(p.min==null||q[O]!=null&&p.auto(n,Bi))&&(q[d]=cs)}for(let d in _){let p=_[d];q[d]==null&&
p.from!=null&&q[p.from]!=null&&(q[d]=cs)}q[O]!=null&&xi(!0);let s={};for(let d in q){let p=q[d];if(p!=null){let g=s[d]=Ni(_[d],sc);if(p.min!=null)Te(g,p);else if(d!=
O||l==2)if(qe==0&&g.from==null){let w=g.range(n,null,null,d);g.min=w[0],g.max=w[1]}else g.min=ue,g.max=-ue}}if(qe>0){S.forEach((d,p)=>{if(l==1){let g=d.scale,w=q[g];
if(w==null)return;let x=s[g];if(p==0){let k=x.range(n,x.min,x.max,g);x.min=k[0],x.max=k[1],Oe=yt(x.min,e[0]),Ce=yt(x.max,e[0]),Ce-Oe>1&&(e[0][Oe]<x.min&&Oe++,e[0][Ce]>
x.max&&Ce--),d.min=gt[Oe],d.max=gt[Ce]}else d.show&&d.auto&&ll(x,w,d,e[p],d.sorted);d.idxs[0]=Oe,d.idxs[1]=Ce}else if(p>0&&d.show&&d.auto){let[g,w]=d.facets,x=g.
scale,k=w.scale,[E,L]=e[p],D=s[x],B=s[k];D!=null&&ll(D,q[x],g,E,g.sorted),B!=null&&ll(B,q[k],w,L,w.sorted),d.min=w.min,d.max=w.max}});for(let d in s){let p=s[d],
g=q[d];if(p.from==null&&(g==null||g.min==null)){let w=p.range(n,p.min==ue?null:p.min,p.max==-ue?null:p.max,d);p.min=w[0],p.max=w[1]}}}for(let d in s){let p=s[d];
if(p.from!=null){let g=s[p.from];if(g.min==null)p.min=p.max=null;else{let w=p.range(n,g.min,g.max,d);p.min=w[0],p.max=w[1]}}}let r={},c=!1;for(let d in s){let p=s[d],
g=_[d];if(g.min!=p.min||g.max!=p.max){g.min=p.min,g.max=p.max;let w=g.distr;g._min=w==3?Ht(g.min):w==4?Ml(g.min,g.asinh):w==100?g.fwd(g.min):g.min,g._max=w==3?Ht(
g.max):w==4?Ml(g.max,g.asinh):w==100?g.fwd(g.max):g.max,r[d]=c=!0}}if(c){S.forEach((d,p)=>{l==2?p>0&&r.y&&(d._paths=null):r[d.scale]&&(d._paths=null)});for(let d in r)
mi=!0,Ne("setScale",d);We&&H.left>=0&&(Jt=at=!0)}for(let d in q)q[d]=null}function Ur(s){let r=Cl(Oe-1,0,qe-1),c=Cl(Ce+1,0,qe-1);for(;s[r]==null&&r>0;)r--;for(;s[c]==
null&&c<qe-1;)c++;return[r,c]}function jr(){if(qe>0){let s=S.some(r=>r._focus)&&Je!=_t.alpha;s&&(m.globalAlpha=Je=_t.alpha),S.forEach((r,c)=>{if(c>0&&r.show&&(ds(
c,!1),ds(c,!0),r._paths==null)){let d=Je;Je!=r.alpha&&(m.globalAlpha=Je=r.alpha);let p=l==2?[0,e[c][0].length-1]:Ur(e[c]);r._paths=r.paths(n,c,p[0],p[1]),Je!=d&&
(m.globalAlpha=Je=d)}}),S.forEach((r,c)=>{if(c>0&&r.show){let d=Je;Je!=r.alpha&&(m.globalAlpha=Je=r.alpha),r._paths!=null&&us(c,!1);{let p=r._paths!=null?r._paths.
gaps:null,g=r.points.show(n,c,Oe,Ce,p),w=r.points.filter(n,c,g,p);(g||w)&&(r.points._paths=r.points.paths(n,c,Oe,Ce,w),us(c,!0))}Je!=d&&(m.globalAlpha=Je=d),Ne(
"drawSeries",c)}}),s&&(m.globalAlpha=Je=1)}}function ds(s,r){let c=r?S[s].points:S[s];c._stroke=c.stroke(n,s),c._fill=c.fill(n,s)}function us(s,r){let c=r?S[s].
points:S[s],{stroke:d,fill:p,clip:g,flags:w,_stroke:x=c._stroke,_fill:k=c._fill,_width:E=c.width}=c._paths;E=he(E*oe,3);let L=null,D=E%2/2;r&&k==null&&(k=E>0?"#\
fff":x);let B=c.pxAlign==1&&D>0;if(B&&m.translate(D,D),!r){let se=Qe-E/2,ne=rt-E/2,Q=Ye+E,W=mt+E;L=new Path2D,L.rect(se,ne,Q,W)}r?sl(x,E,c.dash,c.cap,k,d,p,w,g):
Kr(s,x,E,c.dash,c.cap,k,d,p,w,L,g),B&&m.translate(-D,-D)}function Kr(s,r,c,d,p,g,w,x,k,E,L){let D=!1;k!=0&&Y.forEach((B,se)=>{if(B.series[0]==s){let ne=S[B.series[1]],
Q=e[B.series[1]],W=(ne._paths||ln).band;Bt(W)&&(W=B.dir==1?W[0]:W[1]);let N,ge=null;ne.show&&W&&Qa(Q,Oe,Ce)?(ge=B.fill(n,se)||g,N=ne._paths.clip):W=null,sl(r,c,
d,p,ge,w,x,k,E,L,N,W),D=!0}}),D||sl(r,c,d,p,g,w,x,k,E,L)}let hs=$i|Nl;function sl(s,r,c,d,p,g,w,x,k,E,L,D){rs(s,r,c,d,p),(k||E||D)&&(m.save(),k&&m.clip(k),E&&m.
clip(E)),D?(x&hs)==hs?(m.clip(D),L&&m.clip(L),mn(p,w),fn(s,g,r)):x&Nl?(mn(p,w),m.clip(D),fn(s,g,r)):x&$i&&(m.save(),m.clip(D),L&&m.clip(L),mn(p,w),m.restore(),fn(
s,g,r)):(mn(p,w),fn(s,g,r)),(k||E||D)&&m.restore()}function fn(s,r,c){c>0&&(r instanceof Map?r.forEach((d,p)=>{m.strokeStyle=pn=p,m.stroke(d)}):r!=null&&s&&m.stroke(
r))}function mn(s,r){r instanceof Map?r.forEach((c,d)=>{m.fillStyle=yi=d,m.fill(c)}):r!=null&&s&&m.fill(r)}function Yr(s,r,c,d){let p=z[s],g;if(d<=0)g=[0,0];else{
let w=p._space=p.space(n,s,r,c,d),x=p._incrs=p.incrs(n,s,r,c,d,w);g=wd(r,c,x,d,w)}return p._found=g}function ol(s,r,c,d,p,g,w,x,k,E){let L=w%2/2;C==1&&m.translate(
L,L),rs(x,w,k,E,x),m.beginPath();let D,B,se,ne,Q=p+(d==0||d==3?-g:g);c==0?(B=p,ne=Q):(D=p,se=Q);for(let W=0;W<s.length;W++)r[W]!=null&&(c==0?D=se=s[W]:B=ne=s[W],
m.moveTo(D,B),m.lineTo(se,ne));m.stroke(),C==1&&m.translate(-L,-L)}function Jr(s){let r=!0;return z.forEach((c,d)=>{if(!c.show)return;let p=_[c.scale];if(p.min==
null){c._show&&(r=!1,c._show=!1,xi(!1));return}else c._show||(r=!1,c._show=!0,xi(!1));let g=c.side,w=g%2,{min:x,max:k}=p,[E,L]=Yr(d,x,k,w==0?j:P);if(L==0)return;
let D=p.distr==2,B=c._splits=c.splits(n,d,x,k,E,L,D),se=p.distr==2?B.map(N=>gt[N]):B,ne=p.distr==2?gt[B[1]]-gt[B[0]]:E,Q=c._values=c.values(n,c.filter(n,se,d,L,
ne),d,L,ne);c._rotate=g==2?c.rotate(n,Q,d,L):0;let W=c._size;c._size=pt(c.size(n,Q,d,s)),W!=null&&c._size!=W&&(r=!1)}),r}function Zr(s){let r=!0;return ss.forEach(
(c,d)=>{let p=c(n,d,Qt,s);p!=zt[d]&&(r=!1),zt[d]=p}),r}function Qr(){for(let s=0;s<z.length;s++){let r=z[s];if(!r.show||!r._show)continue;let c=r.side,d=c%2,p,g,
w=r.stroke(n,s),x=c==0||c==3?-1:1,[k,E]=r._found;if(r.label!=null){let Be=r.labelGap*x,tt=Ae((r._lpos+Be)*oe);as(r.labelFont[0],w,"center",c==2?"top":Xs),m.save(),
d==1?(p=g=0,m.translate(tt,Ae(rt+mt/2)),m.rotate((c==3?-Dn:Dn)/2)):(p=Ae(Qe+Ye/2),g=tt);let ti=Vo(r.label)?r.label(n,s,k,E):r.label;m.fillText(ti,p,g),m.restore()}
if(E==0)continue;let L=_[r.scale],D=d==0?Ye:mt,B=d==0?Qe:rt,se=r._splits,ne=L.distr==2?se.map(Be=>gt[Be]):se,Q=L.distr==2?gt[se[1]]-gt[se[0]]:k,W=r.ticks,N=r.border,
ge=W.show?W.size:0,ke=Ae(ge*oe),$e=Ae((r.alignTo==2?r._size-ge-r.gap:r.gap)*oe),de=r._rotate*-Dn/180,Se=F(r._pos*oe),Xe=(ke+$e)*x,Ve=Se+Xe;g=d==0?Ve:0,p=d==1?Ve:
0;let dt=r.font[0],bt=r.align==1?Di:r.align==2?kl:de>0?Di:de<0?kl:d==0?"center":c==3?kl:Di,Et=de||d==1?"middle":c==2?"top":Xs;as(dt,w,bt,Et);let et=r.font[1]*r.
lineGap,ut=se.map(Be=>F(u(Be,L,D,B))),vt=r._values;for(let Be=0;Be<vt.length;Be++){let tt=vt[Be];if(tt!=null){d==0?p=ut[Be]:g=ut[Be],tt=""+tt;let ti=tt.indexOf(
`
`)==-1?[tt]:tt.split(/\n/gm);for(let Ge=0;Ge<ti.length;Ge++){let Ds=ti[Ge];de?(m.save(),m.translate(p,g+Ge*et),m.rotate(de),m.fillText(Ds,0,0),m.restore()):m.fillText(
Ds,p,g+Ge*et)}}}W.show&&ol(ut,W.filter(n,ne,s,E,Q),d,c,Se,ke,he(W.width*oe,3),W.stroke(n,s),W.dash,W.cap);let Lt=r.grid;Lt.show&&ol(ut,Lt.filter(n,ne,s,E,Q),d,d==
0?2:1,d==0?rt:Qe,d==0?mt:Ye,he(Lt.width*oe,3),Lt.stroke(n,s),Lt.dash,Lt.cap),N.show&&ol([Se],[1],d==0?1:0,d==0?1:2,d==1?rt:Qe,d==1?mt:Ye,he(N.width*oe,3),N.stroke(
n,s),N.dash,N.cap)}Ne("drawAxes")}function xi(s){S.forEach((r,c)=>{c>0&&(r._paths=null,s&&(l==1?(r.min=null,r.max=null):r.facets.forEach(d=>{d.min=null,d.max=null})))})}
let gn=!1,rl=!1,Gi=[];function Xr(){rl=!1;for(let s=0;s<Gi.length;s++)Ne(...Gi[s]);Gi.length=0}function ki(){gn||(hc(ps),gn=!0)}function ea(s,r=!1){gn=!0,rl=r,s(
n),ps(),r&&Gi.length>0&&queueMicrotask(Xr)}n.batch=ea;function ps(){if(Kn&&(Gr(),Kn=!1),mi&&(qr(),mi=!1),dn){if(be(T,Di,pe),be(T,"top",Le),be(T,Xi,j),be(T,en,P),
be(A,Di,pe),be(A,"top",Le),be(A,Xi,j),be(A,en,P),be(v,Xi,Ot),be(v,en,jt),y.width=Ae(Ot*oe),y.height=Ae(jt*oe),z.forEach(({_el:s,_show:r,_size:c,_pos:d,side:p})=>{
if(s!=null)if(r){let g=p===3||p===0?c:0,w=p%2==1;be(s,w?"left":"top",d-g),be(s,w?"width":"height",c),be(s,w?"top":"left",w?Le:pe),be(s,w?"height":"width",w?P:j),
Dl(s,oi)}else nt(s,oi)}),pn=yi=Zn=Xn=el=tl=il=nl=Qn=null,Je=1,Ki(!0),pe!=fi||Le!=Kt||j!=St||P!=Yt){xi(!1);let s=j/St,r=P/Yt;if(We&&!Jt&&H.left>=0){H.left*=s,H.top*=
r,Si&&Pt(Si,Ae(H.left),0,j,P),_i&&Pt(_i,0,Ae(H.top),j,P);for(let c=0;c<ct.length;c++){let d=ct[c];d!=null&&(vi[c]*=s,wi[c]*=r,Pt(d,pt(vi[c]),pt(wi[c]),j,P))}}if(me.
show&&!un&&me.left>=0&&me.width>0){me.left*=s,me.width*=s,me.top*=r,me.height*=r;for(let c in pl)be(Ei,c,me[c])}fi=pe,Kt=Le,St=j,Yt=P}Ne("setSize"),dn=!1}Ot>0&&
jt>0&&(m.clearRect(0,0,y.width,y.height),Ne("drawClear"),U.forEach(s=>s()),Ne("draw")),me.show&&un&&(bn(me),un=!1),We&&Jt&&(ei(null,!0,!1),Jt=!1),Z.show&&Z.live&&
at&&(ul(),at=!1),h||(h=!0,n.status=1,Ne("ready")),Bi=!1,gn=!1}n.redraw=(s,r)=>{mi=r||!1,s!==!1?Wt(O,M.min,M.max):ki()};function al(s,r){let c=_[s];if(c.from==null){
if(qe==0){let d=c.range(n,r.min,r.max,s);r.min=d[0],r.max=d[1]}if(r.min>r.max){let d=r.min;r.min=r.max,r.max=d}if(qe>1&&r.min!=null&&r.max!=null&&r.max-r.min<1e-16)
return;s==O&&c.distr==2&&qe>0&&(r.min=yt(r.min,e[0]),r.max=yt(r.max,e[0]),r.min==r.max&&r.max++),q[s]=r,Kn=!0,ki()}}n.setScale=al;let cl,dl,Si,_i,fs,ms,Mi,Ti,gs,
bs,fe,ye,Ft=!1,ze=H.drag,Re=ze.x,He=ze.y;We&&(H.x&&(cl=ht(Na,A)),H.y&&(dl=ht($a,A)),M.ori==0?(Si=cl,_i=dl):(Si=dl,_i=cl),fe=H.left,ye=H.top);let me=n.select=Te(
{show:!0,over:!0,left:0,width:0,top:0,height:0},i.select),Ei=me.show?ht(Ha,me.over?A:T):null;function bn(s,r){if(me.show){for(let c in s)me[c]=s[c],c in pl&&be(
Ei,c,s[c]);r!==!1&&Ne("setSelect")}}n.setSelect=bn;function ta(s){if(S[s].show)Ee&&Dl(xe[s],oi);else if(Ee&&nt(xe[s],oi),We){let c=bi?ct[0]:ct[s];c!=null&&Pt(c,
-10,-10,j,P)}}function Wt(s,r,c){al(s,{min:r,max:c})}function Mt(s,r,c,d){r.focus!=null&&oa(s),r.show!=null&&S.forEach((p,g)=>{g>0&&(s==g||s==null)&&(p.show=r.show,
ta(g),l==2?(Wt(p.facets[0].scale,null,null),Wt(p.facets[1].scale,null,null)):Wt(p.scale,null,null),ki())}),c!==!1&&Ne("setSeries",s,r),d&&Yi("setSeries",n,s,r)}
n.setSeries=Mt;function ia(s,r){Te(Y[s],r)}function na(s,r){s.fill=ee(s.fill||null),s.dir=le(s.dir,-1),r=r??Y.length,Y.splice(r,0,s)}function la(s){s==null?Y.length=
0:Y.splice(s,1)}n.addBand=na,n.setBand=ia,n.delBand=la;function sa(s,r){S[s].alpha=r,We&&ct[s]!=null&&(ct[s].style.opacity=r),Ee&&xe[s]&&(xe[s].style.opacity=r)}
let Ct,It,Xt,Li={focus:!0};function oa(s){if(s!=Xt){let r=s==null,c=_t.alpha!=1;S.forEach((d,p)=>{if(l==1||p>0){let g=r||p==0||p==s;d._focus=r?null:g,c&&sa(p,g?
1:_t.alpha)}}),Xt=s,c&&ki()}}Ee&&gi&&Ie(no,re,s=>{H._lock||(Zt(s),Xt!=null&&Mt(null,Li,!0,Me.setSeries))});function Tt(s,r,c){let d=_[r];c&&(s=s/oe-(d.ori==1?Le:
pe));let p=j;d.ori==1&&(p=P,s=p-s),d.dir==-1&&(s=p-s);let g=d._min,w=d._max,x=s/p,k=g+(w-g)*x,E=d.distr;return E==3?Ri(10,k):E==4?ec(k,d.asinh):E==100?d.bwd(k):
k}function ra(s,r){let c=Tt(s,O,r);return yt(c,e[0],Oe,Ce)}n.valToIdx=s=>yt(s,e[0]),n.posToIdx=ra,n.posToVal=Tt,n.valToPos=(s,r,c)=>_[r].ori==0?o(s,_[r],c?Ye:j,
c?Qe:0):a(s,_[r],c?mt:P,c?rt:0),n.setCursor=(s,r,c)=>{fe=s.left,ye=s.top,ei(null,r,c)};function vs(s,r){be(Ei,Di,me.left=s),be(Ei,Xi,me.width=r)}function ws(s,r){
be(Ei,"top",me.top=s),be(Ei,en,me.height=r)}let Ui=M.ori==0?vs:ws,ji=M.ori==1?vs:ws;function aa(){if(Ee&&Z.live)for(let s=l==2?1:0;s<S.length;s++){if(s==0&&ot)continue;
let r=Z.values[s],c=0;for(let d in r)kt[s][c++].firstChild.nodeValue=r[d]}}function ul(s,r){if(s!=null&&(s.idxs?s.idxs.forEach((c,d)=>{ce[d]=c}):lc(s.idx)||ce.fill(
s.idx),Z.idx=ce[0]),Ee&&Z.live){for(let c=0;c<S.length;c++)(c>0||l==1&&!ot)&&ca(c,ce[c]);aa()}at=!1,r!==!1&&Ne("setLegend")}n.setLegend=ul;function ca(s,r){let c=S[s],
d=s==0&&K==2?gt:e[s],p;ot?p=c.values(n,s,r)??qt:(p=c.value(n,r==null?null:d[r],s,r),p=p==null?qt:{_:p}),Z.values[s]=p}function ei(s,r,c){gs=fe,bs=ye,[fe,ye]=H.move(
n,fe,ye),H.left=fe,H.top=ye,We&&(Si&&Pt(Si,Ae(fe),0,j,P),_i&&Pt(_i,0,Ae(ye),j,P));let d,p=Oe>Ce;Ct=ue,It=null;let g=M.ori==0?j:P,w=M.ori==1?j:P;if(fe<0||qe==0||
p){d=H.idx=null;for(let x=0;x<S.length;x++){let k=ct[x];k!=null&&Pt(k,-10,-10,j,P)}gi&&Mt(null,Li,!0,s==null&&Me.setSeries),Z.live&&(ce.fill(d),at=!0)}else{let x,
k,E;l==1&&(x=M.ori==0?fe:ye,k=Tt(x,O),d=H.idx=yt(k,e[0],Oe,Ce),E=R(e[0][d],M,g,0));let L=-10,D=-10,B=0,se=0,ne=!0,Q="",W="";for(let N=l==2?1:0;N<S.length;N++){let ge=S[N],
ke=ce[N],$e=ke==null?null:l==1?e[N][ke]:e[N][1][ke],de=H.dataIdx(n,N,d,k),Se=de==null?null:l==1?e[N][de]:e[N][1][de];if(at=at||Se!=$e||de!=ke,ce[N]=de,N>0&&ge.show){
let Xe=de==null?-10:de==d?E:R(l==1?e[0][de]:e[N][0][de],M,g,0),Ve=Se==null?-10:V(Se,l==1?_[ge.scale]:_[ge.facets[1].scale],w,0);if(gi&&Se!=null){let dt=M.ori==1?
fe:ye,bt=Pe(_t.dist(n,N,de,Ve,dt));if(bt<Ct){let Et=_t.bias;if(Et!=0){let et=Tt(dt,ge.scale),ut=Se>=0?1:-1,vt=et>=0?1:-1;vt==ut&&(vt==1?Et==1?Se>=et:Se<=et:Et==
1?Se<=et:Se>=et)&&(Ct=bt,It=N)}else Ct=bt,It=N}}if(at||bi){let dt,bt;M.ori==0?(dt=Xe,bt=Ve):(dt=Ve,bt=Xe);let Et,et,ut,vt,Lt,Be,tt=!0,ti=Fe.bbox;if(ti!=null){tt=
!1;let Ge=ti(n,N);ut=Ge.left,vt=Ge.top,Et=Ge.width,et=Ge.height}else ut=dt,vt=bt,Et=et=Fe.size(n,N);if(Be=Fe.fill(n,N),Lt=Fe.stroke(n,N),bi)N==It&&Ct<=_t.prox&&
(L=ut,D=vt,B=Et,se=et,ne=tt,Q=Be,W=Lt);else{let Ge=ct[N];Ge!=null&&(vi[N]=ut,wi[N]=vt,uo(Ge,Et,et,tt),ao(Ge,Be,Lt),Pt(Ge,pt(ut),pt(vt),j,P))}}}}if(bi){let N=_t.
prox,ge=Xt==null?Ct<=N:Ct>N||It!=Xt;if(at||ge){let ke=ct[0];ke!=null&&(vi[0]=L,wi[0]=D,uo(ke,B,se,ne),ao(ke,Q,W),Pt(ke,pt(L),pt(D),j,P))}}}if(me.show&&Ft)if(s!=
null){let[x,k]=Me.scales,[E,L]=Me.match,[D,B]=s.cursor.sync.scales,se=s.cursor.drag;if(Re=se._x,He=se._y,Re||He){let{left:ne,top:Q,width:W,height:N}=s.select,ge=s.
scales[D].ori,ke=s.posToVal,$e,de,Se,Xe,Ve,dt=x!=null&&E(x,D),bt=k!=null&&L(k,B);dt&&Re?(ge==0?($e=ne,de=W):($e=Q,de=N),Se=_[x],Xe=R(ke($e,D),Se,g,0),Ve=R(ke($e+
de,D),Se,g,0),Ui(xt(Xe,Ve),Pe(Ve-Xe))):Ui(0,g),bt&&He?(ge==1?($e=ne,de=W):($e=Q,de=N),Se=_[k],Xe=V(ke($e,B),Se,w,0),Ve=V(ke($e+de,B),Se,w,0),ji(xt(Xe,Ve),Pe(Ve-
Xe))):ji(0,w)}else fl()}else{let x=Pe(gs-fs),k=Pe(bs-ms);if(M.ori==1){let B=x;x=k,k=B}Re=ze.x&&x>=ze.dist,He=ze.y&&k>=ze.dist;let E=ze.uni;E!=null?Re&&He&&(Re=x>=
E,He=k>=E,!Re&&!He&&(k>x?He=!0:Re=!0)):ze.x&&ze.y&&(Re||He)&&(Re=He=!0);let L,D;Re&&(M.ori==0?(L=Mi,D=fe):(L=Ti,D=ye),Ui(xt(L,D),Pe(D-L)),He||ji(0,w)),He&&(M.ori==
1?(L=Mi,D=fe):(L=Ti,D=ye),ji(xt(L,D),Pe(D-L)),Re||Ui(0,g)),!Re&&!He&&(Ui(0,0),ji(0,0))}if(ze._x=Re,ze._y=He,s==null){if(c){if(Ps!=null){let[x,k]=Me.scales;Me.values[0]=
x!=null?Tt(M.ori==0?fe:ye,x):null,Me.values[1]=k!=null?Tt(M.ori==1?fe:ye,k):null}Yi(Sl,n,fe,ye,j,P,d)}if(gi){let x=c&&Me.setSeries,k=_t.prox;Xt==null?Ct<=k&&Mt(
It,Li,!0,x):Ct>k?Mt(null,Li,!0,x):It!=Xt&&Mt(It,Li,!0,x)}}at&&(Z.idx=d,ul()),r!==!1&&Ne("setCursor")}let Vt=null;Object.defineProperty(n,"rect",{get(){return Vt==
null&&Ki(!1),Vt}});function Ki(s=!1){s?Vt=null:(Vt=A.getBoundingClientRect(),Ne("syncRect",Vt))}function ys(s,r,c,d,p,g,w){H._lock||Ft&&s!=null&&s.movementX==0&&
s.movementY==0||(hl(s,r,c,d,p,g,w,!1,s!=null),s!=null?ei(null,!0,!0):ei(r,!0,!1))}function hl(s,r,c,d,p,g,w,x,k){if(Vt==null&&Ki(!1),Zt(s),s!=null)c=s.clientX-Vt.
left,d=s.clientY-Vt.top;else{if(c<0||d<0){fe=-10,ye=-10;return}let[E,L]=Me.scales,D=r.cursor.sync,[B,se]=D.values,[ne,Q]=D.scales,[W,N]=Me.match,ge=r.axes[0].side%
2==1,ke=M.ori==0?j:P,$e=M.ori==1?j:P,de=ge?g:p,Se=ge?p:g,Xe=ge?d:c,Ve=ge?c:d;if(ne!=null?c=W(E,ne)?u(B,_[E],ke,0):-10:c=ke*(Xe/de),Q!=null?d=N(L,Q)?u(se,_[L],$e,
0):-10:d=$e*(Ve/Se),M.ori==1){let dt=c;c=d,d=dt}}k&&(r==null||r.cursor.event.type==Sl)&&((c<=1||c>=j-1)&&(c=li(c,j)),(d<=1||d>=P-1)&&(d=li(d,P))),x?(fs=c,ms=d,[
Mi,Ti]=H.move(n,c,d)):(fe=c,ye=d)}let pl={width:0,height:0,left:0,top:0};function fl(){bn(pl,!1)}let xs,ks,Ss,_s;function Ms(s,r,c,d,p,g,w){Ft=!0,Re=He=ze._x=ze.
_y=!1,hl(s,r,c,d,p,g,w,!0,!1),s!=null&&(Ie(_l,Al,Ts,!1),Yi(to,n,Mi,Ti,j,P,null));let{left:x,top:k,width:E,height:L}=me;xs=x,ks=k,Ss=E,_s=L}function Ts(s,r,c,d,p,g,w){
Ft=ze._x=ze._y=!1,hl(s,r,c,d,p,g,w,!1,!0);let{left:x,top:k,width:E,height:L}=me,D=E>0||L>0,B=xs!=x||ks!=k||Ss!=E||_s!=L;if(D&&B&&bn(me),ze.setScale&&D&&B){let se=x,
ne=E,Q=k,W=L;if(M.ori==1&&(se=k,ne=L,Q=x,W=E),Re&&Wt(O,Tt(se,O),Tt(se+ne,O)),He)for(let N in _){let ge=_[N];N!=O&&ge.from==null&&ge.min!=ue&&Wt(N,Tt(Q+W,N),Tt(Q,
N))}fl()}else H.lock&&(H._lock=!H._lock,ei(r,!0,s!=null));s!=null&&(pi(_l,Al),Yi(_l,n,fe,ye,j,P,null))}function da(s,r,c,d,p,g,w){if(H._lock)return;Zt(s);let x=Ft;
if(Ft){let k=!0,E=!0,L=10,D,B;M.ori==0?(D=Re,B=He):(D=He,B=Re),D&&B&&(k=fe<=L||fe>=j-L,E=ye<=L||ye>=P-L),D&&k&&(fe=fe<Mi?0:j),B&&E&&(ye=ye<Ti?0:P),ei(null,!0,!0),
Ft=!1}fe=-10,ye=-10,ce.fill(null),ei(null,!0,!0),x&&(Ft=x)}function Es(s,r,c,d,p,g,w){H._lock||(Zt(s),Jn(),fl(),s!=null&&Yi(lo,n,fe,ye,j,P,null))}function Ls(){
z.forEach(yd),Yn(n.width,n.height,!0)}ri(On,Ci,Ls);let Ai={};Ai.mousedown=Ms,Ai.mousemove=ys,Ai.mouseup=Ts,Ai.dblclick=Es,Ai.setSeries=(s,r,c,d)=>{let p=Me.match[2];
c=p(n,r,c),c!=-1&&Mt(c,d,!0,!1)},We&&(Ie(to,A,Ms),Ie(Sl,A,ys),Ie(io,A,s=>{Zt(s),Ki(!1)}),Ie(no,A,da),Ie(lo,A,Es),$l.add(n),n.syncRect=Ki);let vn=n.hooks=i.hooks||
{};function Ne(s,r,c){rl?Gi.push([s,r,c]):s in vn&&vn[s].forEach(d=>{d.call(null,n,r,c)})}(i.plugins||[]).forEach(s=>{for(let r in s.hooks)vn[r]=(vn[r]||[]).concat(
s.hooks[r])});let As=(s,r,c)=>c,Me=Te({key:null,setSeries:!1,filters:{pub:go,sub:go},scales:[O,S[1]?S[1].scale:null],match:[bo,bo,As],values:[null,null]},H.sync);
Me.match.length==2&&Me.match.push(As),H.sync=Me;let Ps=Me.key,ml=pr(Ps);function Yi(s,r,c,d,p,g,w){Me.filters.pub(s,r,c,d,p,g,w)&&ml.pub(s,r,c,d,p,g,w)}ml.sub(n);
function ua(s,r,c,d,p,g,w){Me.filters.sub(s,r,c,d,p,g,w)&&Ai[s](null,r,c,d,p,g,w)}n.pub=ua;function ha(){ml.unsub(n),$l.delete(n),Ut.clear(),Ol(On,Ci,Ls),f.remove(),
re?.remove(),Ne("destroy")}n.destroy=ha;function gl(){Ne("init",i,e),os(e||i.data,!1),q[O]?al(O,q[O]):Jn(),un=me.show&&(me.width>0||me.height>0),Jt=at=!0,Yn(i.width,
i.height)}return S.forEach(ls),z.forEach(Br),t?t instanceof HTMLElement?(t.appendChild(f),gl()):t(n,gl):gl(),n}De.assign=Te;De.fmtNum=Bl;De.rangeNum=Cn;De.rangeLog=
Nn;De.rangeAsinh=Il;De.orient=ci;De.pxRatio=oe;De.join=uc;De.fmtDate=Ul,De.tzDate=kc;De.sync=pr;{De.addGap=ld,De.clipGaps=zn;let i=De.paths={points:wr};i.linear=
xr,i.stepped=rd,i.bars=ad,i.spline=dd}function je(i){return i<1e3?`${Math.round(i)} ms`:`${(i/1e3).toFixed(1)} s`}function Mr(i,e){let t=(e-i)/2.2,n=10**Math.floor(Math.log10(t)),l=([1,2,2.5,5].findLast(a=>a*n<=t)??1)*n,o=[];for(let a=Math.ceil(i/l)*l;a<=e;a+=l)o.push(a);return o}var xd=400,kd=260,Tr=4,Sd=["--loopai-s1","--loopai-s2","--loopai-s3","--loopai-s4","--loopai-s5","--loopai-s6"],on=class{element;legend=b("ul",{class:"legend"});data=null;canvas=b(
"div",{class:"canvas",role:"img"});tip=b("div",{class:"tip",hidden:!0,"aria-hidden":"true"});nothing=b("p",{class:"nothing loopai-quiet",hidden:!0});table=b("di\
v",{class:"numbers",hidden:!0});tableButton;note=b("span",{class:"note loopai-quiet"});sizes=new ResizeObserver(()=>this.resize());themes=new MutationObserver(()=>window.
setTimeout(()=>this.recolour(),xd));plot=null;drawn="";clicked=0;held=!1;late=!1;constructor(e,t){this.tableButton=_e("Table",()=>this.turn(),{class:"loopai-pla\
in"}),this.tableButton.setAttribute("aria-pressed","false"),this.tableButton.setAttribute("aria-label",`${e} as a table`),this.element=b("figure",{class:`figure\
 ${t}`},b("figcaption",{},b("h4",{},e),this.note,this.tableButton),this.legend,b("div",{class:"stage"},this.canvas,this.tip,this.nothing),this.table),this.sizes.
observe(this.canvas),this.themes.observe(document.body,{attributes:!0,attributeFilter:["data-jp-theme-light","class"]})}show(e){if(this.data=e,this.held){this.late=
!0;return}let t=this.nothingOf(e);this.nothing.textContent=t,this.nothing.hidden=t==="",this.canvas.classList.toggle("bare",t!==""),this.canvas.setAttribute("ar\
ia-label",this.inWords(e)),this.note.textContent=this.noteOf(e),this.draw(),this.fillTable()}close(){this.sizes.disconnect(),this.themes.disconnect(),window.clearTimeout(
this.clicked),this.plot?.destroy(),this.plot=null}drags=!0;colours(){let e=b("span",{hidden:!0});this.canvas.append(e);let t=l=>(e.style.color=`var(${l})`,getComputedStyle(
e).color),n={ink:t("--loopai-quiet"),rule:t("--loopai-line"),paper:t("--loopai-paper"),accent:t("--loopai-accent"),series:Sd.map(t)};return e.remove(),n}get height(){
return this.canvas.clientHeight}draw(){let e=this.canvas.clientWidth;if(this.data===null||e===0)return;let t=this.colours(),{options:n,data:l,shape:o}=this.plotted(
this.data,t),a=JSON.stringify([o,t]);if(this.plot!==null&&a===this.drawn){this.plot.setData(l),(this.plot.width!==e||this.plot.height!==this.height)&&this.plot.
setSize({width:e,height:this.height});return}this.plot?.destroy(),this.drawn=a;let u=n.hooks??{};this.plot=new De({...n,width:e,height:this.height,legend:{show:!1},
cursor:{x:!0,y:!1,points:{show:!1},drag:{x:this.drags,y:!1,setScale:!1,dist:Tr},bind:{dblclick:()=>()=>this.double()}},hooks:{...u,setCursor:[h=>this.point(h)],
setSelect:[h=>this.select(h)],ready:[h=>this.listen(h)]}},l,this.canvas)}listen(e){return e.over.addEventListener("mousedown",()=>{this.held=!0;let t=()=>{this.
held=!1,this.late&&this.data!==null&&(this.late=!1,this.show(this.data))};document.addEventListener("mouseup",()=>window.setTimeout(t),{once:!0})}),e.over.addEventListener(
"click",t=>{window.clearTimeout(this.clicked);let[n,l]=[e.cursor.left??-1,e.cursor.top??-1];if(t.detail>1||n<0)return;let[o,a]=[this.indexAt(e,n),e.posToVal(l,"\
y")];this.clicked=window.setTimeout(()=>{this.data!==null&&o!==null&&this.pressed(this.data,o,a)},kd)}),e.over.addEventListener("mouseleave",()=>{this.tip.hidden=
!0}),null}indexAt(e,t){let n=e.posToVal(t,"x"),o=e.data[0].findLastIndex(a=>a<=n);return o<0?null:o}double(){return window.clearTimeout(this.clicked),this.twice(),
null}select(e){let{left:t,width:n}=e.select;if(n<Tr||this.data===null)return;let[l,o]=[e.posToVal(t,"x"),e.posToVal(t+n,"x")];e.setSelect({left:0,top:0,width:0,
height:0},!1),this.held=!1,this.tip.hidden=!0,this.dragged(this.data,l,o)}point(e){let t=e.cursor.left??-1,n=t<0?null:this.indexAt(e,t);if(n===null||this.data===
null){this.tip.hidden=!0;return}let{title:l,lines:o}=this.pointed(this.data,n);this.tip.hidden=l==="",this.tip.replaceChildren(b("b",{},l),...o.map(([h,f,y])=>{
let m=b("i",{"aria-hidden":"true"});return m.style.background=h??"transparent",b("div",{},m,b("span",{},f),b("span",{class:"value"},y))}));let a=this.canvas.clientWidth,
u=t+e.over.offsetLeft>a/2;this.tip.style.insetInlineStart=u?"auto":`${t+e.over.offsetLeft+14}px`,this.tip.style.insetInlineEnd=u?`${a-t-e.over.offsetLeft+14}px`:
"auto"}resize(){let e=this.canvas.clientWidth;e===0||this.plot?.width===e&&this.plot.height===this.height||this.draw()}recolour(){this.plot!==null&&this.draw(),
this.data!==null&&this.show(this.data)}turn(){let e=this.table.hidden;this.table.hidden=!e,this.canvas.parentElement.hidden=e,this.tableButton.setAttribute("ari\
a-pressed",String(e)),this.fillTable()}fillTable(){if(this.table.hidden||this.data===null)return;let{head:e,rows:t}=this.tableOf(this.data),n=t.map(({cells:l,press:o})=>{
let[a="",...u]=l,h=o===void 0?a:_e(a,o,{class:"loopai-link"});return b("tr",{},b("th",{scope:"row"},h),...u.map(f=>b("td",{},f)))});this.table.replaceChildren(b(
"table",{},b("thead",{},b("tr",{},...e.map(l=>b("th",{scope:"col"},l)))),b("tbody",{},...n)))}};var _d=8,Er=5,Dr=11,Md=5,Or=De.paths.bars,Vn=class{places=new Map;place(e){if(e===null)return Er;let t=this.places.get(e);if(t!==void 0)return t;let n=new Set(this.
places.values()),l=[0,1,2,3,4].find(o=>!n.has(o))??this.places.size%Er;return this.places.set(e,l),l}};function Wi({since_ms:i,until_ms:e,step_ms:t}){let n=[];for(let l=Math.
floor(i/t)*t;l<e;l+=t)n.push(l);return n}function Cr(i,e,t,n){let l=new Map(e.map((o,a)=>[o,t[a]]));return i.map(o=>l.get(o)??n)}function Td(){return`${Dr}px ${getComputedStyle(
document.body).fontFamily}`}function Xl(i,e,t){let n={stroke:i.rule,width:1},l={stroke:i.ink,font:Td()};return[{...l,size:30,gap:4,grid:{show:!1},ticks:{...n,size:4},
...e},{...l,size:52,gap:6,grid:n,ticks:{show:!1},splits:(o,a,u,h)=>Mr(u,h),...t}]}function Rr(i){return{space:64,values:(e,t)=>qs(t,i)}}function Hr({since_ms:i,
until_ms:e,step_ms:t}){return[Math.floor(i/t)*t/1e3,e/1e3]}var Bn=class extends on{constructor(t,n,l){super(t,n);this.state=l}state;dragged(t,n,l){let o=t.step_ms,
a=Math.floor(n*1e3/o)*o,u=Math.ceil(l*1e3/o)*o;this.state.range(a,Math.min(u,Math.max(t.until_ms,a+o)))}twice(){this.state.back()}open(t,n,l){this.state.showRequests(
{},{last:null,since_ms:n,until_ms:n+t.step_ms,...l===null?{}:{model:l}})}noteOf(){return""}},rn=class extends Bn{constructor(t,n,l,o){super(t,"stack",n);this.palette=
l;this.what=o}palette;what;show(t){super.show(t);let n=this.colours(),l=t.series.groups.length===1?this.state.scope.model:null;this.legend.replaceChildren(...t.
series.groups.map(o=>{let a=b("i",{"aria-hidden":"true"});if(a.style.background=n.series[this.palette.place(o.name)],o.name===null)return b("li",{},a,o.shown);let u=_e(
o.shown,()=>this.state.change({model:l===null?o.name:null}),{class:"loopai-link",title:l===null?`Only ${o.shown}`:"All models"});return b("li",{},a,u)}))}plotted(t,n){
let l=Wi(t),o=t.series.groups,a=l.map(()=>0),u=o.map(m=>{let v=Cr(l,t.series.times_ms,m[this.what],0);return a=a.map((T,A)=>T+v[A]),a}),h=o.map(m=>this.palette.
place(m.name)).reverse(),f=this.what==="requests"?kn:Ns,y=Or({size:[.86,46],align:1,radius:0});return{shape:JSON.stringify([h,t.step_ms]),data:[l.map(m=>m/1e3),
...u.reverse()],options:{padding:[8,8,0,0],scales:{x:{time:!0,range:()=>Hr(this.data??t)},y:{range:(m,v,T)=>[0,this.top(T)]}},axes:Xl(n,Rr(t.step_ms),{values:(m,v)=>v.
map(f)}),series:[{},...h.map(m=>({fill:n.series[m],stroke:n.paper,width:this.wide(l.length)?1:0,paths:y,points:{show:!1}}))]}}}nothingOf(t){return t.series.groups.
length===0?"Nothing was asked in this time.":this.what==="cost_usd"&&t.series.groups.every(n=>n.cost_usd.every(l=>l===0))?"Nothing was paid in this time, as far\
 as prices are known.":""}inWords(t){let n=t.series.groups.map(o=>`${o.shown} ${this.said(o[this.what].reduce((a,u)=>a+u,0))}`);return`${this.what==="requests"?
"Requests":"Cost"} over time, ${ni(t.since_ms,t.until_ms)}: ${n.join(", ")||"nothing"}`}tableOf(t){let{times_ms:n,groups:l}=t.series;return{head:["time",...l.map(
o=>o.shown)],rows:n.map((o,a)=>({cells:[ni(o,o+t.step_ms),...l.map(u=>this.said(u[this.what][a]))],press:()=>this.open(t,o,null)}))}}pointed(t,n){let l=Wi(t)[n],
o=t.series.times_ms.indexOf(l),a=ni(l,l+t.step_ms);if(o<0)return{title:a,lines:[[null,"nothing",""]]};let u=this.colours(),h=t.series.groups.map(f=>[u.series[this.
palette.place(f.name)],f.shown,f[this.what][o]]).filter(([,,f])=>f>0).reverse().slice(0,_d);return{title:a,lines:h.map(([f,y,m])=>[f,y,this.said(m)])}}pressed(t,n,l){
let o=Wi(t)[n],a=t.series.times_ms.indexOf(o);if(a<0)return;let u=0,h=t.series.groups.find(f=>l<=(u+=f[this.what][a]));this.open(t,o,h?.name??null)}said(t){return this.
what==="requests"?Rt(t):`${Hs(t)} USD`}top(t){return this.what==="requests"?Math.max(1,t*1.06):Math.max(1e-9,t*1.06)}wide(t){return this.element.clientWidth/Math.
max(1,t)>Md}},di=[["p50_ms","p50","--loopai-s1",[]],["p95_ms","p95","--loopai-s2",[6,3]],["p99_ms","p99","--loopai-s4",[2,3]]],Lr=[0,1,3],Ar=40,Gn=class extends Bn{constructor(e){
super("Latency","percentiles",e),this.legend.append(...di.map(([,t])=>b("li",{},b("i",{class:`line ${t}`,"aria-hidden":"true"}),t)))}plotted(e,t){let n=Wi(e),{times_ms:l}=e.
latency,o=di.map(([u])=>Cr(n,l,e.latency[u],null)),a=e.step_ms/2;return{shape:JSON.stringify([e.step_ms,l.length<Ar]),data:[n.map(u=>(u+a)/1e3),...o],options:{padding:[
8,8,0,0],scales:{x:{time:!0,range:()=>Hr(this.data??e)},y:{range:(u,h,f)=>[0,Math.max(1,f*1.06)]}},axes:Xl(t,Rr(e.step_ms),{values:(u,h)=>h.map(je)}),series:[{},
...di.map(([,u,,h],f)=>{let y=t.series[Lr[f]];return{label:u,stroke:y,width:1.75,dash:[...h],spanGaps:!1,points:{show:l.length<Ar,size:4,fill:y,stroke:y}}})]}}}nothingOf(e){
return e.latency.times_ms.length===0?"No answer came in this time.":""}inWords(e){let{p50_ms:t,p95_ms:n,p99_ms:l}=e.spread;return t===null||n===null||l===null?"\
Latency over time: no answer":`Latency over time, ${ni(e.since_ms,e.until_ms)}: in all p50 ${je(t)}, p95 ${je(n)}, p99 ${je(l)}`}tableOf(e){return{head:["time",
...di.map(([,t])=>t)],rows:e.latency.times_ms.map((t,n)=>({cells:[ni(t,t+e.step_ms),...di.map(([l])=>Pr(e.latency[l][n]))],press:()=>this.open(e,t,null)}))}}pointed(e,t){
let l=Wi(e)[t];if(l===void 0)return{title:"",lines:[]};let o=e.latency.times_ms.indexOf(l),a=ni(l,l+e.step_ms);if(o<0)return{title:a,lines:[[null,"no answer",""]]};
let u=this.colours();return{title:a,lines:di.map(([h,f],y)=>[u.series[Lr[y]],f,Pr(e.latency[h][o])])}}pressed(e,t){let n=Wi(e)[t];n!==void 0&&e.latency.times_ms.
includes(n)&&this.state.showRequests({order:"latency",descending:!0},{last:null,since_ms:n,until_ms:n+e.step_ms})}};function Pr(i){return i==null?"–":je(i)}var Un=class extends on{constructor(t){
super("How long answers take","distribution");this.state=t}state;drags=!1;plotted(t,n){let{from_ms:l,to_ms:o,count:a}=t.spread,u=Math.log10(Math.max(.01,l[0]??1)),
h=Math.log10(o.at(-1)??10),f=(h-u)/Math.max(1,a.length),y=Or({size:[.92,60],align:1,radius:0});return{shape:JSON.stringify([a.length,u,h]),data:[a.map((m,v)=>u+
v*f),a],options:{padding:[18,12,0,0],scales:{x:{time:!1,range:()=>[u,h]},y:{range:(m,v,T)=>[0,Math.max(1,T*1.06)]}},axes:Xl(n,{space:48,splits:m=>Ed(u,h,m.width/
64),values:(m,v)=>v.map(T=>je(10**T))},{values:(m,v)=>v.map(kn)}),series:[{},{fill:n.series[0],width:0,paths:y,points:{show:!1}}],hooks:{draw:[m=>this.mark(m)]}}}}nothingOf(t){
return t.spread.count.length===0?"No answer came in this time.":""}noteOf(t){return t.spread.count.length===0?"":"logarithmic"}inWords(t){let{p50_ms:n,p95_ms:l,
p99_ms:o}=t.spread;return n===null||l===null||o===null?"Distribution of latencies: no answer":`Distribution of latencies: half of the answers within ${je(n)}, 9\
5% within ${je(l)}, 99% within ${je(o)}`}tableOf(t){let{from_ms:n,to_ms:l,count:o}=t.spread,a=o.map((u,h)=>({cells:[`${je(n[h])} – ${je(l[h])}`,Rt(u)],press:()=>this.
pressed(t,h)}));return{head:["latency","answers"],rows:a.filter((u,h)=>o[h]>0)}}pointed(t,n){let{from_ms:l,to_ms:o,count:a}=t.spread;return n>=a.length?{title:"",
lines:[]}:{title:`${je(l[n])} – ${je(o[n])}`,lines:[[null,"answers",Rt(a[n])]]}}pressed(t,n){let{from_ms:l,to_ms:o,count:a}=t.spread;(a[n]??0)!==0&&this.state.
showRequests({min_latency_ms:l[n],max_latency_ms:o[n],order:"latency",descending:!0})}dragged(){}twice(){}mark(t){if(this.data===null)return;let n=this.colours(),
{ctx:l}=t,o=devicePixelRatio,a=-1/0;l.save(),l.font=`${Dr*o}px ${getComputedStyle(document.body).fontFamily}`,l.textBaseline="bottom",di.forEach(([u,h,,f],y)=>{
let m=this.data.spread[u];if(m===null)return;let v=t.valToPos(Math.log10(m),"x",!0);l.strokeStyle=n.ink,l.lineWidth=o,l.setLineDash(f.map(F=>F*o)),l.beginPath(),
l.moveTo(v,t.bbox.top-2*o),l.lineTo(v,t.bbox.top+t.bbox.height),l.stroke(),l.fillStyle=n.ink;let T=`${h} ${je(m)}`,A=l.measureText(T).width,C=Math.min(Math.max(
v-A/2,t.bbox.left),t.bbox.left+t.bbox.width-A);(C>a||y===0)&&(l.fillText(T,C,t.bbox.top-3*o),a=C+A+6*o)}),l.restore()}};function Ed(i,e,t){for(let n of[[1,2,5],
[1,3],[1]]){let l=[];for(let o=Math.floor(i);o<=e;o+=1)for(let a of n){let u=o+Math.log10(a);u>=i-1e-9&&u<=e+1e-9&&l.push(u)}if(l.length<=t&&l.length>0||n.length===
1)return l}return[]}var $t=class{element;body=b("tbody");nothing=b("p",{class:"nothing loopai-quiet"});table;filled="";constructor(e,t,n,l=""){this.nothing.textContent=n;let o=t.map(
(a,u)=>b("th",{scope:"col",class:u===0?"name":null},a));this.table=b("table",{},b("thead",{},b("tr",{},...o)),this.body),this.element=b("section",{class:`bars ${l}`.
trim(),"aria-label":e},b("h4",{},e),this.nothing,this.table)}show(e){let t=JSON.stringify(e);if(t===this.filled)return;this.filled=t,this.nothing.hidden=e.length>
0,this.table.hidden=e.length===0;let n=this.body.contains(document.activeElement)?document.activeElement.dataset.key:void 0;if(this.body.replaceChildren(...e.map(
l=>Ld(l))),n!==void 0)for(let l of this.body.querySelectorAll("[data-key]"))l.dataset.key===n&&l.focus({preventScroll:!0})}};function Ld({key:i,shown:e,note:t,cells:n,
share:l,press:o}){let a=b("i",{class:"bar","aria-hidden":"true"});a.style.width=`${Math.max(l>0?1:0,Math.round(l*1e3)/10)}%`;let u=o===null?b("span",{class:"lab\
el"},e):_e(e,o,{class:"loopai-link label",title:"Its requests"});o!==null&&(u.dataset.key=i);let h=b("th",{scope:"row",class:"name"},b("div",{class:"what"},u,t!==
""&&b("span",{class:"loopai-quiet"},t)),a),f=b("tr",{class:o===null?null:"leads"},h,...n.map(y=>b("td",{},y)));return o!==null&&f.addEventListener("click",y=>{y.
target.closest("button")||o()}),f}var jn=class{constructor(e,t){this.kernel=e;this.state=t;this.charts=[new rn("Requests",t,this.palette,"requests"),new rn("Cost, USD",t,this.palette,"cost_usd"),
new Gn(t),new Un(t)];let n=[this.models,this.templates,this.runs,this.errors,this.slowest,this.dearest];this.element.append(this.said,this.empty,this.tiles,b("d\
iv",{class:"charts"},...this.charts.map(l=>l.element)),b("div",{class:"tables"},...n.map(l=>l.element)))}kernel;state;ready=!0;element=b("div",{class:"overview"});shows=()=>{};tiles=b(
"dl",{class:"tiles"});empty=b("div",{class:"empty",hidden:!0});said=b("p",{class:"said loopai-bad",role:"alert"});palette=new Vn;charts;errors=new $t("Errors",[
"what went wrong","failed","tried again"],"No errors in this time.","bad");models=new $t("Models",["model","requests","cost, USD","p95"],"Nothing in this time.");templates=new $t(
"Templates",["template","requests","cost, USD","p95"],"Nothing in this time.");runs=new $t("Runs",["run","requests","cost, USD","p95"],"Nothing in this time.");slowest=new $t(
"Slowest requests",["prompt","latency"],"Nothing in this time.");dearest=new $t("Dearest requests",["prompt","cost, USD"],"Nothing in this time.");asked=0;update(e){
this.fetch(e)}show(e){if(this.asked+=1,this.said.textContent="",this.element.removeAttribute("aria-busy"),this.shows(e),this.empty.replaceChildren(e.empty,e.example===
""?"":b("pre",{},e.example)),this.empty.hidden=e.empty==="",this.element.classList.toggle("bare",e.empty!==""),this.fillTiles(e.tiles),e.empty===""){for(let t of this.
charts)t.show(e);this.models.show(e.models.map(t=>this.entry(t,t.name===null?null:{model:t.name}))),this.templates.show(e.templates.map(t=>this.entry(t,t.name===
null?null:{template:t.name}))),this.runs.show(e.runs.map(t=>this.entry(t,t.name===null?null:{run:t.name}))),this.errors.show(e.errors.map(t=>{let n=this.state.hasLog&&
t.name!==null?()=>this.state.showRequests({error_kind:t.name}):null;return{...t,key:t.name??"",press:n}})),this.slowest.element.hidden=e.slowest.length===0,this.
dearest.element.hidden=e.dearest.length===0,this.slowest.show(e.slowest.map(t=>this.one(t))),this.dearest.show(e.dearest.map(t=>this.one(t)))}}close(){for(let e of this.
charts)e.close()}async fetch(e){this.asked+=1;let t=this.asked;this.element.setAttribute("aria-busy","true");try{let n=await this.kernel.ask("overview",{scope:e});
t===this.asked&&this.show(n)}catch(n){if(!(n instanceof it))throw n;if(t!==this.asked)return;this.element.removeAttribute("aria-busy"),this.said.textContent=n.message}}entry(e,t){
return{...e,key:e.name??"",press:t===null?null:()=>this.state.showRequests({},t)}}one({run_id:e,request_no:t,shown:n,note:l,value:o,share:a}){let u=this.state.hasLog?
()=>this.state.showRequests({request:{run_id:e,request_no:t}}):null;return{key:`${e} ${t}`,shown:n,note:l,cells:[o],share:a,press:u}}fillTiles(e){for(;this.tiles.
childElementCount<e.length;){let t=b("span",{class:"change"},b("span",{class:"mark","aria-hidden":"true"}),b("span",{class:"loopai-hidden"}));this.tiles.append(
b("div",{},b("dt"),b("dd",{},b("div",{class:"value"}),b("div",{class:"note"},t,b("span",{class:"more"})))))}e.forEach((t,n)=>{let l=this.tiles.children[n];an(l.
querySelector("dt"),t.name),an(l.querySelector(".value"),t.value),an(l.querySelector(".mark"),t.change),an(l.querySelector(".loopai-hidden"),t.said),an(l.querySelector(
".more"),t.note);let o=l.querySelector(".change");o.title=t.said,o.dataset.good=String(t.good??"")})}};function an(i,e){i.textContent!==e&&(i.textContent=e)}var Ad=".jp-NotebookPanel",es="jp-RenderedHTMLCommon";async function Nr(i,e,t){let n=`loopai-home-${Math.random().toString(36).slice(2,10)}`;await e.ask("house",
{name:n});let l=await Pd(n,i);if(l===null){await e.ask("homeless");return}let o=l.closest(`.${es}`),a=[...l.children],u=()=>{i.remove(),o?.classList.add(es);for(let f of a)
f.hidden=!1};o?.classList.remove(es);for(let f of a)f.hidden=!0;let h=document.activeElement;l.append(i),h instanceof HTMLElement&&i.contains(h)&&h.focus({preventScroll:!0}),
t(u),await e.ask("housed")}async function Pd(i,e){for(let t=0;t<40;t+=1){let l=(e.closest(Ad)??document).querySelector(`.${i}`);if(l!==null)return l;await new Promise(
o=>window.setTimeout(o,75))}return null}var Dd=12e4,Od=1500,Cd={overview:"Overview",requests:"Requests",happenings:"Happenings"},ts=class{kernel;root=b("section",{class:"loopai-panel loopai-dashboard",
"aria-label":"Dashboard"});view=Math.random().toString(36).slice(2,10);heard=b("div",{class:"loopai-hidden",role:"status"});live=b("span",{class:"live loopai-qu\
iet"},b("i",{"aria-hidden":"true"}),"live");tabs=b("div",{class:"tabs",role:"tablist","aria-label":"Dashboard"});buttons=new Map;panes=new Map;sight=new IntersectionObserver(
e=>this.seen(e.at(-1)?.isIntersecting??!1));turned=()=>this.watch();state=null;filters=null;inSight=!1;watched="";missed=!1;renewing=0;quiet=0;leave=null;constructor({
model:e,el:t}){this.kernel=new _n(e),this.root.append(b("p",{class:"empty"},"Looking at the ledger …")),t.append(this.root),this.kernel.hear("moved",n=>this.moved(
n)),this.kernel.hear("closed",()=>this.close()),document.addEventListener("visibilitychange",this.turned),Mn(this.root,{b:()=>this.state?.back()}),this.open()}get housed(){
return this.leave!==null}close(){this.leave?.(),this.leave=null,this.sight.disconnect(),document.removeEventListener("visibilitychange",this.turned),window.clearInterval(
this.renewing),window.clearTimeout(this.quiet),this.watched!==""&&this.kernel.ask("leave",{view:this.view}).catch(()=>{});for(let e of this.panes.values())e.close();
this.kernel.close()}async open(){let e;try{e=await this.kernel.ask("open")}catch(o){if(!(o instanceof it))throw o;this.root.replaceChildren(b("p",{class:"empty \
loopai-bad",role:"alert"},o.message));return}let t=new yn(e.scope),n=new jn(this.kernel,t);this.state=t,this.filters=new Sn(t),n.shows=o=>this.offer(o);let l=Zs(
this.kernel,t);this.panes.set("overview",n).set("requests",l).set("happenings",Vs(this.kernel,t)),l.ready&&t.jumpsBy(o=>l.want?.(o)),this.frame(e),t.listen(o=>this.
changed(o)),n.show(e.overview),this.show("overview"),this.renewing=window.setInterval(()=>{this.watched="",this.watch()},Dd),this.sight.observe(this.root),await Nr(
this.root,this.kernel,o=>{this.leave=o})}frame({ledger:e}){let t=[...this.panes].filter(([,n])=>n.ready);for(let[n,l]of t){let o=_e(Cd[n]??n,()=>this.state.open(
n),{class:"loopai-tab"});o.setAttribute("role","tab"),o.id=`loopai-${this.view}-${n}`,this.buttons.set(n,o),l.element.setAttribute("role","tabpanel"),l.element.
setAttribute("aria-labelledby",o.id),this.tabs.append(o)}this.tabs.hidden=t.length<2,this.tabs.addEventListener("keydown",n=>this.arrow(n)),this.live.hidden=!0,
this.root.replaceChildren(b("div",{class:"head"},b("h3",{},"Dashboard"),b("span",{class:"where loopai-quiet"},e),this.live,this.tabs),this.filters.element,...t.
map(([,n])=>n.element),this.heard)}arrow(e){let t={ArrowRight:1,ArrowLeft:-1}[e.key];if(t===void 0)return;let n=[...this.buttons.keys()],l=n[(n.indexOf(this.state.
tab)+t+n.length)%n.length];this.state.open(l),this.buttons.get(l).focus(),e.preventDefault()}show(e){for(let[t,n]of this.buttons)n.setAttribute("aria-selected",
String(t===e)),n.tabIndex=t===e?0:-1,this.panes.get(t).element.hidden=t!==e}changed(e){this.filters.update(e),this.show(this.state.tab),this.pane.update(e),this.
watch()}get pane(){return this.panes.get(this.state.tab)}offer(e){this.filters.offer(e.choices),this.filters.element.hidden=e.example!==""}seen(e){this.inSight=
e,this.watch()}watch(){if(this.state===null)return;let e=this.inSight&&document.visibilityState==="visible",t=e?JSON.stringify([this.state.scope,this.state.tab]):
"";if(t===this.watched)return;let n=this.watched===""&&this.missed;this.watched=t,this.missed||=!e;let l={view:this.view,scope:this.state.scope,tab:this.state.tab};
this.kernel.ask(e?"watch":"leave",l).catch(()=>{}),n&&(this.missed=!1,this.pane.update(this.state.scope))}moved({view:e,overview:t}){e!==this.view||this.state===
null||this.watched===""||(t===null?this.pane.moved?.():this.state.tab==="overview"&&this.pane.show(t),this.live.hidden&&(this.heard.textContent="The figures cha\
nge while runs go on."),this.live.hidden=!1,window.clearTimeout(this.quiet),this.quiet=window.setTimeout(()=>{this.live.hidden=!0,this.heard.textContent=""},Od))}},
Bu=()=>{let i=new Set,e=null;return{initialize({model:t}){return e=t,Bs({model:t}),()=>{for(let n of i)n.close();i.clear()}},render({el:t,model:n}){let l=new ts(
{el:t,model:e??n});return i.add(l),()=>{l.housed||(i.delete(l),l.close())}}}};export{Bu as default};
