function S(n){let e=Math.max(0,Math.ceil(n/1e3)),t=r=>String(r).padStart(2,"0"),[i,o,s]=[Math.floor(e/3600),Math.floor(e/60)%60,e%60];return i>0?`${i}:${t(o)}:${t(
s)}`:`${o}:${t(s)}`}function L(n){let e=Math.floor(Math.max(0,n)/6e4);return e>=1?e===1?"1 minute left":`${e} minutes left`:"less than a minute left"}function a(n,e={},...t){let i=document.createElement(n);for(let[o,s]of Object.entries(e))s===!1||s===null||s===void 0||i.setAttribute(o,s===!0?"":String(s));return i.
append(...t.filter(o=>!!o||o==="")),i}var A={"":"span",odd:"span",cut:"del",new:"ins",hit:"mark"},j={odd:"invisible character",cut:"",new:"",hit:""};function c(n){
let e=document.createDocumentFragment();for(let[t,i]of n){if(t===""){e.append(i);continue}let o=j[t];e.append(a(A[t],{class:`loopai-${t}`,title:o||null},i))}return e}
function p(n,e,t={}){let i=a("button",{type:"button",class:`loopai-button ${t.class??""}`.trim(),title:t.title??null,"aria-keyshortcuts":t.key??null},n,t.key!==
void 0&&a("kbd",{"aria-hidden":"true"},t.key));return i.addEventListener("click",e),i}var B=6e4,u=class{constructor(e){this.endsAt=e;this.tick(),this.ticking=window.setInterval(()=>this.tick(),500)}endsAt;element=a("span",{class:"clock",role:"tim\
er","aria-live":"off"});ticking;close(){window.clearInterval(this.ticking)}tick(){let e=this.endsAt-Date.now();this.element.textContent=`waits ${S(e)}`,this.element.
setAttribute("aria-label",L(e)),this.element.classList.toggle("late",e<B)}};var m=class extends Error{},f=class{constructor(e){this.model=e;e.on("msg:custom",this.receive)}model;waiting=new Map;heard=new Map;unheard=new Map;name=Math.random().
toString(36).slice(2,10);asked=0;ask(e,t={}){let i=`${this.name}-${this.asked+=1}`;return new Promise((o,s)=>{this.waiting.set(i,{resolve:o,reject:s});let r=()=>this.
model.send({...t,id:i,kind:e});e==="open"?k(r,()=>!this.waiting.has(i)):r()})}hear(e,t){this.heard.set(e,t),this.unheard.has(e)&&(t(this.unheard.get(e)),this.unheard.
delete(e))}close(){this.model.off("msg:custom",this.receive),this.waiting.clear()}receive=e=>{let t=e;if(t.push!==void 0){let o=this.heard.get(t.push);o===void 0?
this.unheard.set(t.push,t.data):o(t.data);return}let i=t.id===void 0?void 0:this.waiting.get(t.id);t.id===void 0||i===void 0||(this.waiting.delete(t.id),t.error===
void 0?i.resolve(t.ok):i.reject(new m(t.error)))}};function $({model:n}){let e=!1,t=i=>{e||=i.push==="met",e&&n.off("msg:custom",t)};n.on("msg:custom",t),k(()=>n.
send({kind:"hello"}),()=>e)}var O=400,D=5e3,N=25;function k(n,e,t=N,i=O){n();let o=Math.min(1.5*i,D);t>1&&window.setTimeout(()=>e()||k(n,e,t-1,o),i)}var K=40,q=75,H=".jp-NotebookPanel",R=".jp-OutputArea",x="jp-RenderedHTMLCommon";async function I(n,e,t){let i=await e.ask("house"),o=i===null?null:await z(i,n);
if(i===null||o===null){await e.ask("homeless");return}let s=o.closest(`.${x}`);s?.classList.remove(x);let r=F(`${i}-kept`,o),l=document.activeElement;o.append(n),
l instanceof HTMLElement&&n.contains(l)&&l.focus({preventScroll:!0}),t(()=>{n.remove(),r(),s?.classList.add(x)}),await e.ask("housed")}function F(n,e){let t=e.closest(
H),i=`${n}-here`;t?.classList.add(i);let o=t===null?"":`.${i}`,s=a("style",{},`${o} div.${n} { display: none }`,`${o} ${R}-child:has(div.${n}) { display: none }`);
return e.append(s),()=>{s.remove(),t?.classList.remove(i)}}async function z(n,e){for(let t=0;t<K;t+=1){let o=(e.closest(H)??e.getRootNode()).querySelector(`.${n}`);
if(o!==null)return o;if(e.isConnected&&e.closest(R)===null)return null;await new Promise(s=>window.setTimeout(s,q))}return null}function C(n){return()=>{let e=null,
t=new Set;return{initialize({model:i}){return e=i,$({model:i}),()=>{for(let o of t)o()}},render({model:i,el:o}){let s=new f(e??i),r=a("div"),l=null,d=null,h=!1,
v=()=>{h=!0,t.delete(v),d?.close(),l?.(),s.close()};return t.add(v),o.append(r),s.hear("closed",v),(async()=>{let E=await s.ask("open");await I(r,s,M=>{l=M,h?M():
d=n(s,r,E)}),h||(d??=n(s,r,E))})(),()=>{l===null&&v()}}}}}function G(n){return n.altKey?"":n.ctrlKey||n.metaKey?n.key==="Enter"?"Ctrl+Enter":"":n.key}var U=new Set(["INPUT","TEXTAREA","SELECT"]);function g(n,e,t={}){n.
tabIndex=0,n.setAttribute("data-lm-suppress-shortcuts","true"),n.addEventListener("focusin",i=>{i.target.setAttribute("data-lm-suppress-shortcuts","true")}),n.addEventListener(
"keydown",i=>{i.stopPropagation();let o=i.target,s=G(i),r=U.has(o.tagName);if(o.tagName==="TEXTAREA"&&s==="Enter"||!r&&o.tagName==="BUTTON"&&(s==="Enter"||s==="\
 "))return;let l=(r?t:e)[s];l===void 0||s===""||(i.preventDefault(),l())})}function W(n,e,t,i,o=8){let s=Math.max(0,Math.floor(n/t)-o),r=Math.min(i,Math.ceil((n+e)/t)+o);return[Math.min(s,i),Math.max(r,Math.min(s,i))]}var P=8e6,w=class{constructor(e,t,i,o=64){
this.rowHeight=t;this.source=i;this.page=o;this.canvas=a("div",{class:"loopai-rows-canvas"}),this.element=a("div",{class:"loopai-rows",role:"listbox","aria-labe\
l":e,tabindex:0},this.canvas),this.element.addEventListener("scroll",()=>this.soon()),this.element.addEventListener("click",s=>{let r=s.target.closest("[data-in\
dex]");r!==null&&this.source.choose(Number(r.dataset.index))}),new ResizeObserver(()=>this.soon()).observe(this.element),new IntersectionObserver(()=>this.soon()).
observe(this.element)}rowHeight;source;page;element;canvas;kept=new Map;asked=new Set;count=0;selected=0;epoch=0;frame=0;reset(e){this.epoch+=1,this.count=e,this.
kept.clear(),this.asked.clear(),this.canvas.style.height=`${Math.min(e*this.rowHeight,P)}px`,this.soon()}refresh(){this.epoch+=1,this.kept.clear(),this.asked.clear(),
this.soon()}renew(e){this.asked.delete(Math.floor(e/this.page)),this.soon()}select(e){this.selected=e;let t=this.scale(),i=this.element,[o,s]=[e*this.rowHeight,
i.scrollTop/t];o<s?i.scrollTop=o*t:o+this.rowHeight>s+i.clientHeight&&(i.scrollTop=(o+this.rowHeight-i.clientHeight)*t),this.soon()}scale(){return Math.min(1,P/
Math.max(1,this.count*this.rowHeight))}soon(){this.frame===0&&(this.frame=requestAnimationFrame(()=>{this.frame=0,this.paint()}))}paint(){let e=this.scale(),t=this.
element.scrollTop;if(this.element.clientHeight===0)return;let[i,o]=W(t/e,this.element.clientHeight,this.rowHeight,this.count);this.want(i,o);let s=[];for(let r=i;r<
o;r+=1){let l=this.kept.get(r),d=r===this.selected,h=a("div",{class:"loopai-row",role:"option",id:`${this.id}-${r}`,"aria-posinset":r+1,"aria-setsize":this.count,
"aria-selected":d?"true":"false","data-index":r});h.style.top=`${t+r*this.rowHeight-t/e}px`,h.style.height=`${this.rowHeight}px`,l!==void 0&&this.source.draw(l,
h,d),s.push(h)}this.canvas.replaceChildren(...s),this.element.setAttribute("aria-activedescendant",`${this.id}-${this.selected}`)}id=`loopai-${Math.random().toString(
36).slice(2,10)}`;want(e,t){for(let i=Math.floor(e/this.page);i*this.page<t;i+=1){if(this.asked.has(i))continue;this.asked.add(i);let o=this.epoch,s=i*this.page;
this.source.window(s,Math.min(this.page,this.count-s)).then(r=>{o===this.epoch&&(r.forEach((l,d)=>this.kept.set(s+d,l)),this.soon())},()=>this.asked.delete(i))}}};var X=12,b=class{constructor(e,t,i){this.kernel=e;this.opened=i;let{step:o}=i;this.time=new u(Date.now()+i.ends_in_ms),this.reason.append(this.reasonText,p("Rej\
ect",()=>{this.decide("reject")},{key:"Enter"}),p("Back",()=>this.leave(),{class:"loopai-plain",key:"Esc"})),this.root.append(a("div",{class:"head"},a("h3",{},o.
title),a("span",{class:"server loopai-quiet"},`asked by ${o.asked_by} as ${o.id}`),this.time.element),...o.explanation.length>0?[a("p",{class:"why"},c(o.explanation))]:
[],a("pre",{class:"context",tabindex:0,"aria-label":"What is decided on"},c(o.context)),this.said,a("div",{class:"foot"},p("Approve",()=>{this.decide("approve")},
{class:"loopai-main",key:"a"}),p("Reject …",()=>this.ask(),{key:"r"}),a("span",{class:"digest"},"digest ",a("code",{title:o.digest},o.digest.slice(0,X))),this.
reason)),g(this.root,{a:()=>{this.decide("approve")},r:()=>this.ask(),Escape:()=>this.leave()},{Enter:()=>{this.decide("reject")},Escape:()=>this.leave()}),t.append(
this.root)}kernel;opened;root=a("section",{class:"loopai-panel loopai-approval","aria-label":"Step that waits for approval"});said=a("div",{class:"said loopai-b\
ad",role:"alert"});reasonText=a("input",{type:"text",placeholder:"why, if you like","aria-label":"Reason"});reason=a("div",{class:"reason",hidden:!0});time;close(){
this.time.close()}async decide(e){this.said.textContent="";try{await this.kernel.ask(e,{digest:this.opened.step.digest,reason:this.reasonText.value})}catch(t){if(!(t instanceof
m))throw t;this.said.textContent=t.message}}ask(){this.reason.hidden=!1,this.reasonText.focus()}leave(){this.reason.hidden=!0,this.root.focus()}};var Y=27,y=12,T=class{constructor(e,t,i){this.kernel=e;this.opened=i;this.time=new u(Date.now()+i.ends_in_ms),this.list=new w("Rows of the plan",Y,{window:(o,s)=>this.
kernel.ask("window",{first:o,count:s}),draw:(o,s)=>this.drawLine(o,s),choose:o=>{this.show(o)}}),t.append(this.root),g(this.root,this.keys(),{Escape:()=>this.leave(),
"Ctrl+Enter":()=>{this.change()},Enter:()=>this.enter()}),this.layOut(),this.fill(),this.show(0),i.follows&&this.takeOver()}kernel;opened;root=a("section",{class:"\
loopai-panel loopai-approval","aria-label":"Plan that waits for approval"});list;said=a("div",{class:"said loopai-bad",role:"alert"});heard=a("div",{class:"loop\
ai-hidden",role:"status"});time;at=0;hit="";ranks={longest:0,shortest:0};marked=new Set;asking=0;busy=!1;close(){this.time.close()}title=a("h3");server=a("span",
{class:"server loopai-quiet"});figures=a("dl",{class:"figures"});notes=a("ul",{class:"notes"});differs=a("div",{class:"differs"});tools=a("div",{class:"tools"});one=a(
"div",{class:"one"});prompts=a("div",{class:"prompts",role:"tabpanel","aria-label":"Prompts"});edit=a("div",{class:"edit",role:"tabpanel","aria-label":"Template",
hidden:!0});template=a("textarea",{id:_("template"),spellcheck:"false",rows:7});system=a("textarea",{id:_("system"),spellcheck:"false",rows:3});draft=a("div",{class:"\
draft",role:"status",hidden:!0});find=a("input",{type:"search",placeholder:"find","aria-label":"Find in prompts"});found=a("span",{class:"found loopai-quiet",role:"\
status"});jump=a("input",{type:"number",class:"jump",min:0,placeholder:"row","aria-label":"Go to row"});count=a("input",{type:"number",class:"count",min:1,"aria\
-label":"How many to send first"});reasonText=a("input",{type:"text",placeholder:"why, if you like","aria-label":"Reason"});reason=a("div",{class:"reason",hidden:!0});digest=a(
"span",{class:"digest"});promptsTab=this.tab("Prompts",()=>this.turn("prompts"));editTab=this.tab("Template",()=>this.turn("edit"));approveButton=p("Approve",()=>{
this.approve()},{class:"loopai-main",key:"a"});sampleButton=p("first",()=>{this.sample()},{key:"s"});rejectButton=p("Reject …",()=>this.askReason(),{key:"r"});outButton=p(
"Leave out",()=>this.leaveOut(),{key:"x"});maskedButton=p("Masked",()=>{this.go("masked")},{class:"loopai-plain",key:"m",title:"next row in which a rule masked \
something"});layOut(){let e=(i,o,s,r)=>{let l=p(i,o,{class:"loopai-plain",title:s,...r===void 0?{}:{key:r}});return i.length===1&&l.setAttribute("aria-label",s),
l};this.tools.append(a("div",{class:"tabs",role:"tablist"},this.promptsTab,this.opened.can_change&&this.editTab),a("span",{class:"find"},this.find,e("‹",()=>{
this.search(-1)},"previous row that holds it (N)"),e("›",()=>{this.search(1)},"next row that holds it (n)"),this.found),this.jump,this.maskedButton,e("Odd",()=>{
this.go("odd")},"next row with characters that would not be seen","o"),e("Longest",()=>{this.go("longest")},"the longest prompt, then the next","l"),e("Shortest",
()=>{this.go("shortest")},"the shortest prompt, then the next"),e("Random",()=>{this.go("random")},"any row (?)")),this.find.addEventListener("input",()=>{this.
hit="",this.found.textContent=""}),this.prompts.append(this.list.element,this.one);for(let i of[this.template,this.system])i.addEventListener("input",()=>this.tellDraft());
this.edit.append(a("label",{for:this.template.id},"Template, with {{ column }} of the frame"),this.template,a("label",{for:this.system.id},"System prompt; empty\
 for none"),this.system),this.reason.append(this.reasonText,p("Reject",()=>{this.reject()},{key:"Enter"}),p("Back",()=>this.leave(),{class:"loopai-plain",key:"E\
sc"}));let t=a("div",{class:"foot"},this.approveButton,this.opened.sample>0&&this.sampleButton,this.opened.sample>0&&this.count,this.opened.can_change&&p("Edit \
template",()=>this.turn("edit"),{key:"e"}),this.rejectButton,this.digest,this.reason);this.count.value=String(this.opened.sample),this.count.addEventListener("i\
nput",()=>this.tellSample()),this.tellSample(),this.root.replaceChildren(a("div",{class:"head"},this.title,this.server,this.time.element),this.figures,this.notes,
this.differs,this.tools,this.prompts,this.edit,this.draft,this.said,t,this.heard)}fill(){let{plan:e,differs:t}=this.opened;this.title.textContent=`Plan ${e.id}`,
this.server.textContent=`${e.frame} → ${e.server} · ${e.parameters}`,this.figures.replaceChildren(...e.figures.map(V)),this.notes.replaceChildren(...e.notes.
map(i=>a("li",{},i))),this.notes.hidden=e.notes.length===0,this.differs.replaceChildren(...t===null?[]:[J(e,t)]),this.differs.hidden=t===null,this.template.value=
e.template,this.system.value=e.system??"",this.marked=new Set(e.left_out),this.maskedButton.hidden=e.masked===0,this.jump.max=String(e.rows-1),this.digest.replaceChildren(
"digest ",a("code",{title:e.digest},e.digest.slice(0,y))),this.ranks={longest:0,shortest:0},this.list.reset(e.rows),this.tellDraft()}drawLine(e,t){let i=e.out||
this.marked.has(e.position);t.classList.toggle("out",i),t.append(a("span",{class:"at"},e.label===""?String(e.position):e.label),a("span",{class:"text"},e.text),
a("span",{class:"flag"},i?"out":e.cached?"answered":""))}async show(e){let t=this.opened.plan.rows-1;this.at=Math.max(0,Math.min(t,e)),this.list.select(this.at);
let i=this.asking+=1,o=await this.kernel.ask("row",{position:this.at,hit:this.hit});i!==this.asking||o===null||this.drawRow(o)}drawRow(e){let{plan:t,can_change:i}=this.
opened,o=this.marked.has(e.position),s=[`${(e.position+1).toLocaleString("en")} of ${t.rows.toLocaleString("en")}`,e.label===""||e.label===String(e.position)?"":
`row ${e.label}`,e.error===null?`${e.tokens.toLocaleString("en")} tokens`:"",e.cached?"answered before":""].filter(Boolean);this.outButton.hidden=!i||e.error!==
null&&!o,this.outButton.firstChild.textContent=o?"Take back in":"Leave out",this.outButton.setAttribute("aria-pressed",String(o));let r=a("pre",{tabindex:0,role:"\
group","aria-label":"Prompt"});e.system!==null&&r.append(a("span",{class:"system"},"[system] ",c(e.system))),e.error!==null?r.append(a("span",{class:"loopai-qui\
et"},`Not sent: ${e.error}`)):r.append(c(e.prompt)),this.one.replaceChildren(a("div",{class:"about"},a("span",{class:"what loopai-quiet"},s.join(" · ")),this.outButton),
r),this.heard.textContent=s.join(", ")}async search(e){let t=this.find.value;if(t===""){this.find.focus();return}let i=this.hit===t,o=await this.kernel.ask("fin\
d",{text:t,step:e,position:this.at+(i?e:0)});this.hit=t,this.found.textContent=o.count===0?"in no row":`in ${o.count.toLocaleString("en")}`,o.position!==null&&await this.
show(o.position)}async go(e){let t=e==="longest"||e==="shortest"?this.ranks[e]:0,i=await this.kernel.ask("jump",{to:e,rank:t,position:this.at});if(i===null&&t>0&&
(e==="longest"||e==="shortest"))return this.ranks[e]=0,this.go(e);(e==="longest"||e==="shortest")&&(this.ranks[e]+=1),this.found.textContent=i===null?e==="odd"?
"no odd character":"none":"",i!==null&&await this.show(i)}leaveOut(){!this.opened.can_change||this.outButton.hidden||(this.marked.has(this.at)?this.marked.delete(
this.at):this.marked.add(this.at),this.list.refresh(),this.tellDraft(),this.show(this.at))}differsFromPlan(){let{plan:e}=this.opened,t=[];this.template.value!==
e.template&&t.push("the template"),this.system.value!==(e.system??"")&&t.push("the system prompt");let i=new Set(e.left_out),o=[...this.marked].filter(s=>!i.has(
s)).length+[...i].filter(s=>!this.marked.has(s)).length;return o>0&&t.push(o===1?"1 row":`${o} rows`),t}tellDraft(){let e=this.differsFromPlan(),t=e.length>0;for(let s of[
this.approveButton,this.sampleButton])s.disabled=t||this.busy;let i=this.draft.hidden;if(this.draft.hidden=!t,!t)return;let o=`You changed ${e.join(" and ")}: t\
hat makes a new plan to decide on.`;if(!i&&this.draft.firstElementChild!==null){this.draft.firstElementChild.textContent=o;return}this.draft.replaceChildren(a("\
span",{},o),p("Make the new plan",()=>{this.change()},{class:"loopai-main",key:"u"}),p("Undo the change",()=>this.undo(),{class:"loopai-plain"}))}takeOver(){this.
root.scrollIntoView({block:"nearest"}),this.root.focus({preventScroll:!0})}undo(){this.fill(),this.show(this.at),this.root.focus()}async change(){this.busy||this.
differsFromPlan().length===0||await this.during(async()=>{let e=await this.kernel.ask("change",{template:this.template.value,system:this.system.value,left_out:[
...this.marked].sort((t,i)=>t-i)});this.opened=e,this.fill(),this.turn("prompts"),await this.show(this.at),this.heard.textContent=`New plan ${e.plan.id}, digest\
 ${e.plan.digest.slice(0,y)}`})}async approve(){this.approveButton.disabled||await this.during(()=>this.kernel.ask("approve",{digest:this.opened.plan.digest}))}async sample(){
if(this.sampleButton.disabled||this.opened.sample===0)return;let e=Number(this.count.value);if(!Number.isInteger(e)||e<1){this.count.focus();return}await this.during(
()=>this.kernel.ask("approve",{digest:this.opened.plan.digest,sample:e}))}tellSample(){this.sampleButton.firstChild.textContent=`Send ${this.count.value||"…"}\
 first`}askReason(){this.reason.hidden=!1,this.reasonText.focus()}async reject(){await this.during(()=>this.kernel.ask("reject",{digest:this.opened.plan.digest,
reason:this.reasonText.value}))}async during(e){if(!this.busy){this.busy=!0,this.said.textContent="",this.root.setAttribute("aria-busy","true"),document.activeElement instanceof
HTMLButtonElement&&this.root.contains(document.activeElement)&&this.root.focus({preventScroll:!0}),this.tellDraft();try{await e()}catch(t){if(!(t instanceof m))
throw t;this.said.textContent=t.message}finally{this.busy=!1,this.root.removeAttribute("aria-busy"),this.tellDraft()}}}keys(){let e=()=>{this.show(this.at+1)},t=()=>{
this.show(this.at-1)};return{a:()=>{this.approve()},s:()=>{this.sample()},e:()=>this.turn("edit"),r:()=>this.askReason(),u:()=>{this.change()},x:()=>this.leaveOut(),
j:e,k:t,ArrowDown:e,ArrowUp:t,PageDown:()=>{this.show(this.at+10)},PageUp:()=>{this.show(this.at-10)},Home:()=>{this.show(0)},End:()=>{this.show(this.opened.plan.
rows-1)},"/":()=>this.find.focus(),g:()=>this.jump.focus(),n:()=>{this.search(1)},N:()=>{this.search(-1)},o:()=>{this.go("odd")},m:()=>{this.go("masked")},l:()=>{
this.go("longest")},"?":()=>{this.go("random")},Escape:()=>this.leave()}}enter(){let e=document.activeElement;e===this.find?this.search(1):e===this.jump&&this.jump.
value!==""?(this.hit="",this.show(Number(this.jump.value))):e===this.reasonText?this.reject():e===this.count&&this.sample()}leave(){this.reason.hidden=!0,this.edit.
hidden||this.turn("prompts"),this.root.focus()}turn(e){if(!this.opened.can_change)return;let t=e==="edit";this.edit.hidden=!t,this.prompts.hidden=t;for(let i of[
...this.tools.children].slice(1))i.inert=t;this.tools.classList.toggle("off",t),this.editTab.setAttribute("aria-selected",String(t)),this.promptsTab.setAttribute(
"aria-selected",String(!t)),t?this.template.focus():this.root.focus()}tab(e,t){let i=p(e,t);return i.setAttribute("role","tab"),i.setAttribute("aria-selected",String(
e==="Prompts")),i}};function V({name:n,value:e,note:t,used:i}){let o=i===null?null:Math.round(Math.min(1,i)*100),s=a("div",{class:`meter${i!==null&&i>1?" over":
""}`,role:"meter","aria-label":"worst case against the budget","aria-valuemin":0,"aria-valuemax":100,"aria-valuenow":o}),r=a("div");return r.style.width=`${o??0}\
%`,s.append(r),a("div",{},a("dt",{},n),a("dd",{},a("div",{class:"value"},e),o!==null&&s,a("div",{class:"note"},t)))}function J(n,e){let t=a("dl",{},a("dt",{},"d\
igest"));t.append(a("dd",{class:"loopai-mono"},a("del",{class:"loopai-cut"},e.before.digest.slice(0,y))," ",a("ins",{class:"loopai-new"},n.digest.slice(0,y))));
for(let[o,s,r]of e.figures)t.append(a("dt",{},o),a("dd",{},a("del",{class:"loopai-cut"},s)," ",a("ins",{class:"loopai-new"},r)));e.left_out!==""&&t.append(a("dt",
{},"left out"),a("dd",{},e.left_out));let i=document.createDocumentFragment();return i.append(a("h4",{},`A new plan in the place of ${e.before.id}`)),e.template!==
null&&i.append(a("pre",{"aria-label":"How the template was changed"},c(e.template))),e.system!==null&&i.append(a("pre",{"aria-label":"How the system prompt was \
changed"},"[system] ",c(e.system))),i.append(t),i}function _(n){return`loopai-${n}-${Math.random().toString(36).slice(2,10)}`}var Me=C((n,e,t)=>"step"in t?new b(
n,e,t):new T(n,e,t));export{Me as default};
