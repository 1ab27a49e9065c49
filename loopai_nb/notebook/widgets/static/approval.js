function k(n){let e=Math.max(0,Math.ceil(n/1e3)),t=r=>String(r).padStart(2,"0"),[i,a,s]=[Math.floor(e/3600),Math.floor(e/60)%60,e%60];return i>0?`${i}:${t(a)}:${t(
s)}`:`${a}:${t(s)}`}function T(n){let e=Math.floor(Math.max(0,n)/6e4);return e>=1?e===1?"1 minute left":`${e} minutes left`:"less than a minute left"}function o(n,e={},...t){let i=document.createElement(n);for(let[a,s]of Object.entries(e))s===!1||s===null||s===void 0||i.setAttribute(a,s===!0?"":String(s));return i.
append(...t.filter(a=>!!a||a==="")),i}var L={"":"span",odd:"span",cut:"del",new:"ins",hit:"mark"},$={odd:"invisible character",cut:"",new:"",hit:""};function d(n){
let e=document.createDocumentFragment();for(let[t,i]of n){if(t===""){e.append(i);continue}let a=$[t];e.append(o(L[t],{class:`loopai-${t}`,title:a||null},i))}return e}
function l(n,e,t={}){let i=o("button",{type:"button",class:`loopai-button ${t.class??""}`.trim(),title:t.title??null,"aria-keyshortcuts":t.key??null},n,t.key!==
void 0&&o("kbd",{"aria-hidden":"true"},t.key));return i.addEventListener("click",e),i}var R=6e4,c=class{constructor(e){this.endsAt=e;this.tick(),this.ticking=window.setInterval(()=>this.tick(),500)}endsAt;element=o("span",{class:"clock",role:"tim\
er","aria-live":"off"});ticking;close(){window.clearInterval(this.ticking)}tick(){let e=this.endsAt-Date.now();this.element.textContent=`waits ${k(e)}`,this.element.
setAttribute("aria-label",T(e)),this.element.classList.toggle("late",e<R)}};var h=class extends Error{},v=class{constructor(e){this.model=e;e.on("msg:custom",this.receive)}model;waiting=new Map;heard=new Map;name=Math.random().toString(
36).slice(2,10);asked=0;ask(e,t={}){let i=`${this.name}-${this.asked+=1}`;return new Promise((a,s)=>{this.waiting.set(i,{resolve:a,reject:s});let r=()=>this.model.
send({...t,id:i,kind:e});e==="open"?y(r,()=>!this.waiting.has(i)):r()})}hear(e,t){this.heard.set(e,t)}close(){this.model.off("msg:custom",this.receive),this.waiting.
clear()}receive=e=>{let t=e;if(t.push!==void 0){this.heard.get(t.push)?.(t.data);return}let i=t.id===void 0?void 0:this.waiting.get(t.id);t.id===void 0||i===void 0||
(this.waiting.delete(t.id),t.error===void 0?i.resolve(t.ok):i.reject(new h(t.error)))}};function E({model:n}){let e=!1,t=i=>{e||=i.push==="met",e&&n.off("msg:cu\
stom",t)};n.on("msg:custom",t),y(()=>n.send({kind:"hello"}),()=>e)}var C=400,H=25;function y(n,e,t=H){n(),t>1&&window.setTimeout(()=>e()||y(n,e,t-1),C)}function A(n){return n.altKey?"":n.ctrlKey||n.metaKey?n.key==="Enter"?"Ctrl+Enter":"":n.key}var _=new Set(["INPUT","TEXTAREA","SELECT"]);function f(n,e,t={}){n.
tabIndex=0,n.setAttribute("data-lm-suppress-shortcuts","true"),n.addEventListener("focusin",i=>{i.target.setAttribute("data-lm-suppress-shortcuts","true")}),n.addEventListener(
"keydown",i=>{i.stopPropagation();let a=i.target,s=A(i),r=_.has(a.tagName);if(a.tagName==="TEXTAREA"&&s==="Enter"||!r&&a.tagName==="BUTTON"&&(s==="Enter"||s==="\
 "))return;let p=(r?t:e)[s];p===void 0||s===""||(i.preventDefault(),p())})}function P(n,e,t,i,a=8){let s=Math.max(0,Math.floor(n/t)-a),r=Math.min(i,Math.ceil((n+e)/t)+a);return[Math.min(s,i),Math.max(r,Math.min(s,i))]}var M=8e6,g=class{constructor(e,t,i,a=64){
this.rowHeight=t;this.source=i;this.page=a;this.canvas=o("div",{class:"loopai-rows-canvas"}),this.element=o("div",{class:"loopai-rows",role:"listbox","aria-labe\
l":e,tabindex:0},this.canvas),this.element.addEventListener("scroll",()=>this.soon()),this.element.addEventListener("click",s=>{let r=s.target.closest("[data-in\
dex]");r!==null&&this.source.choose(Number(r.dataset.index))}),new ResizeObserver(()=>this.soon()).observe(this.element),new IntersectionObserver(()=>this.soon()).
observe(this.element)}rowHeight;source;page;element;canvas;kept=new Map;asked=new Set;count=0;selected=0;epoch=0;frame=0;reset(e){this.epoch+=1,this.count=e,this.
kept.clear(),this.asked.clear(),this.canvas.style.height=`${Math.min(e*this.rowHeight,M)}px`,this.soon()}refresh(){this.epoch+=1,this.kept.clear(),this.asked.clear(),
this.soon()}renew(e){this.asked.delete(Math.floor(e/this.page)),this.soon()}select(e){this.selected=e;let t=this.scale(),i=this.element,[a,s]=[e*this.rowHeight,
i.scrollTop/t];a<s?i.scrollTop=a*t:a+this.rowHeight>s+i.clientHeight&&(i.scrollTop=(a+this.rowHeight-i.clientHeight)*t),this.soon()}scale(){return Math.min(1,M/
Math.max(1,this.count*this.rowHeight))}soon(){this.frame===0&&(this.frame=requestAnimationFrame(()=>{this.frame=0,this.paint()}))}paint(){let e=this.scale(),t=this.
element.scrollTop;if(this.element.clientHeight===0)return;let[i,a]=P(t/e,this.element.clientHeight,this.rowHeight,this.count);this.want(i,a);let s=[];for(let r=i;r<
a;r+=1){let p=this.kept.get(r),m=r===this.selected,u=o("div",{class:"loopai-row",role:"option",id:`${this.id}-${r}`,"aria-posinset":r+1,"aria-setsize":this.count,
"aria-selected":m?"true":"false","data-index":r});u.style.top=`${t+r*this.rowHeight-t/e}px`,u.style.height=`${this.rowHeight}px`,p!==void 0&&this.source.draw(p,
u,m),s.push(u)}this.canvas.replaceChildren(...s),this.element.setAttribute("aria-activedescendant",`${this.id}-${this.selected}`)}id=`loopai-${Math.random().toString(
36).slice(2,10)}`;want(e,t){for(let i=Math.floor(e/this.page);i*this.page<t;i+=1){if(this.asked.has(i))continue;this.asked.add(i);let a=this.epoch,s=i*this.page;
this.source.window(s,Math.min(this.page,this.count-s)).then(r=>{a===this.epoch&&(r.forEach((p,m)=>this.kept.set(s+m,p)),this.soon())},()=>this.asked.delete(i))}}};var j=12,w=class{constructor(e,t,i){this.kernel=e;this.opened=i;let{step:a}=i;this.time=new c(Date.now()+i.ends_in_ms),this.reason.append(this.reasonText,l("Rej\
ect",()=>{this.decide("reject")},{key:"Enter"}),l("Back",()=>this.leave(),{class:"loopai-plain",key:"Esc"})),this.root.append(o("div",{class:"head"},o("h3",{},a.
title),o("span",{class:"server loopai-quiet"},`asked by ${a.asked_by} as ${a.id}`),this.time.element),...a.explanation.length>0?[o("p",{class:"why"},d(a.explanation))]:
[],o("pre",{class:"context",tabindex:0,"aria-label":"What is decided on"},d(a.context)),this.said,o("div",{class:"foot"},l("Approve",()=>{this.decide("approve")},
{class:"loopai-main",key:"a"}),l("Reject …",()=>this.ask(),{key:"r"}),o("span",{class:"digest"},"digest ",o("code",{title:a.digest},a.digest.slice(0,j))),this.
reason)),f(this.root,{a:()=>{this.decide("approve")},r:()=>this.ask(),Escape:()=>this.leave()},{Enter:()=>{this.decide("reject")},Escape:()=>this.leave()}),t.append(
this.root)}kernel;opened;root=o("section",{class:"loopai-panel loopai-approval","aria-label":"Step that waits for approval"});said=o("div",{class:"said loopai-b\
ad",role:"alert"});reasonText=o("input",{type:"text",placeholder:"why, if you like","aria-label":"Reason"});reason=o("div",{class:"reason",hidden:!0});time;close(){
this.time.close()}async decide(e){this.said.textContent="";try{await this.kernel.ask(e,{digest:this.opened.step.digest,reason:this.reasonText.value})}catch(t){if(!(t instanceof
h))throw t;this.said.textContent=t.message}}ask(){this.reason.hidden=!1,this.reasonText.focus()}leave(){this.reason.hidden=!0,this.root.focus()}};var B=27,b=12,x=class{constructor(e,t,i){this.kernel=e;this.opened=i;this.time=new c(Date.now()+i.ends_in_ms),this.list=new g("Rows of the plan",B,{window:(a,s)=>this.
kernel.ask("window",{first:a,count:s}),draw:(a,s)=>this.drawLine(a,s),choose:a=>{this.show(a)}}),t.append(this.root),f(this.root,this.keys(),{Escape:()=>this.leave(),
"Ctrl+Enter":()=>{this.change()},Enter:()=>this.enter()}),this.layOut(),this.fill(),this.show(0),i.follows&&this.takeOver()}kernel;opened;root=o("section",{class:"\
loopai-panel loopai-approval","aria-label":"Plan that waits for approval"});list;said=o("div",{class:"said loopai-bad",role:"alert"});heard=o("div",{class:"loop\
ai-hidden",role:"status"});time;at=0;hit="";ranks={longest:0,shortest:0};marked=new Set;asking=0;busy=!1;close(){this.time.close()}title=o("h3");server=o("span",
{class:"server loopai-quiet"});figures=o("dl",{class:"figures"});notes=o("ul",{class:"notes"});differs=o("div",{class:"differs"});tools=o("div",{class:"tools"});one=o(
"div",{class:"one"});prompts=o("div",{class:"prompts",role:"tabpanel","aria-label":"Prompts"});edit=o("div",{class:"edit",role:"tabpanel","aria-label":"Template",
hidden:!0});template=o("textarea",{id:S("template"),spellcheck:"false",rows:7});system=o("textarea",{id:S("system"),spellcheck:"false",rows:3});draft=o("div",{class:"\
draft",role:"status",hidden:!0});find=o("input",{type:"search",placeholder:"find","aria-label":"Find in prompts"});found=o("span",{class:"found loopai-quiet",role:"\
status"});jump=o("input",{type:"number",class:"jump",min:0,placeholder:"row","aria-label":"Go to row"});count=o("input",{type:"number",class:"count",min:1,"aria\
-label":"How many to send first"});reasonText=o("input",{type:"text",placeholder:"why, if you like","aria-label":"Reason"});reason=o("div",{class:"reason",hidden:!0});digest=o(
"span",{class:"digest"});promptsTab=this.tab("Prompts",()=>this.turn("prompts"));editTab=this.tab("Template",()=>this.turn("edit"));approveButton=l("Approve",()=>{
this.approve()},{class:"loopai-main",key:"a"});sampleButton=l("first",()=>{this.sample()},{key:"s"});rejectButton=l("Reject …",()=>this.askReason(),{key:"r"});outButton=l(
"Leave out",()=>this.leaveOut(),{key:"x"});maskedButton=l("Masked",()=>{this.go("masked")},{class:"loopai-plain",key:"m",title:"next row in which a rule masked \
something"});layOut(){let e=(i,a,s,r)=>{let p=l(i,a,{class:"loopai-plain",title:s,...r===void 0?{}:{key:r}});return i.length===1&&p.setAttribute("aria-label",s),
p};this.tools.append(o("div",{class:"tabs",role:"tablist"},this.promptsTab,this.opened.can_change&&this.editTab),o("span",{class:"find"},this.find,e("‹",()=>{
this.search(-1)},"previous row that holds it (N)"),e("›",()=>{this.search(1)},"next row that holds it (n)"),this.found),this.jump,this.maskedButton,e("Odd",()=>{
this.go("odd")},"next row with characters that would not be seen","o"),e("Longest",()=>{this.go("longest")},"the longest prompt, then the next","l"),e("Shortest",
()=>{this.go("shortest")},"the shortest prompt, then the next"),e("Random",()=>{this.go("random")},"any row (?)")),this.find.addEventListener("input",()=>{this.
hit="",this.found.textContent=""}),this.prompts.append(this.list.element,this.one);for(let i of[this.template,this.system])i.addEventListener("input",()=>this.tellDraft());
this.edit.append(o("label",{for:this.template.id},"Template, with {{ column }} of the frame"),this.template,o("label",{for:this.system.id},"System prompt; empty\
 for none"),this.system),this.reason.append(this.reasonText,l("Reject",()=>{this.reject()},{key:"Enter"}),l("Back",()=>this.leave(),{class:"loopai-plain",key:"E\
sc"}));let t=o("div",{class:"foot"},this.approveButton,this.opened.sample>0&&this.sampleButton,this.opened.sample>0&&this.count,this.opened.can_change&&l("Edit \
template",()=>this.turn("edit"),{key:"e"}),this.rejectButton,this.digest,this.reason);this.count.value=String(this.opened.sample),this.count.addEventListener("i\
nput",()=>this.tellSample()),this.tellSample(),this.root.replaceChildren(o("div",{class:"head"},this.title,this.server,this.time.element),this.figures,this.notes,
this.differs,this.tools,this.prompts,this.edit,this.draft,this.said,t,this.heard)}fill(){let{plan:e,differs:t}=this.opened;this.title.textContent=`Plan ${e.id}`,
this.server.textContent=`${e.frame} → ${e.server} · ${e.parameters}`,this.figures.replaceChildren(...e.figures.map(D)),this.notes.replaceChildren(...e.notes.
map(i=>o("li",{},i))),this.notes.hidden=e.notes.length===0,this.differs.replaceChildren(...t===null?[]:[O(e,t)]),this.differs.hidden=t===null,this.template.value=
e.template,this.system.value=e.system??"",this.marked=new Set(e.left_out),this.maskedButton.hidden=e.masked===0,this.jump.max=String(e.rows-1),this.digest.replaceChildren(
"digest ",o("code",{title:e.digest},e.digest.slice(0,b))),this.ranks={longest:0,shortest:0},this.list.reset(e.rows),this.tellDraft()}drawLine(e,t){let i=e.out||
this.marked.has(e.position);t.classList.toggle("out",i),t.append(o("span",{class:"at"},e.label===""?String(e.position):e.label),o("span",{class:"text"},e.text),
o("span",{class:"flag"},i?"out":e.cached?"answered":""))}async show(e){let t=this.opened.plan.rows-1;this.at=Math.max(0,Math.min(t,e)),this.list.select(this.at);
let i=this.asking+=1,a=await this.kernel.ask("row",{position:this.at,hit:this.hit});i!==this.asking||a===null||this.drawRow(a)}drawRow(e){let{plan:t,can_change:i}=this.
opened,a=this.marked.has(e.position),s=[`${(e.position+1).toLocaleString("en")} of ${t.rows.toLocaleString("en")}`,e.label===""||e.label===String(e.position)?"":
`row ${e.label}`,e.error===null?`${e.tokens.toLocaleString("en")} tokens`:"",e.cached?"answered before":""].filter(Boolean);this.outButton.hidden=!i||e.error!==
null&&!a,this.outButton.firstChild.textContent=a?"Take back in":"Leave out",this.outButton.setAttribute("aria-pressed",String(a));let r=o("pre",{tabindex:0,role:"\
group","aria-label":"Prompt"});e.system!==null&&r.append(o("span",{class:"system"},"[system] ",d(e.system))),e.error!==null?r.append(o("span",{class:"loopai-qui\
et"},`Not sent: ${e.error}`)):r.append(d(e.prompt)),this.one.replaceChildren(o("div",{class:"about"},o("span",{class:"what loopai-quiet"},s.join(" · ")),this.outButton),
r),this.heard.textContent=s.join(", ")}async search(e){let t=this.find.value;if(t===""){this.find.focus();return}let i=this.hit===t,a=await this.kernel.ask("fin\
d",{text:t,step:e,position:this.at+(i?e:0)});this.hit=t,this.found.textContent=a.count===0?"in no row":`in ${a.count.toLocaleString("en")}`,a.position!==null&&await this.
show(a.position)}async go(e){let t=e==="longest"||e==="shortest"?this.ranks[e]:0,i=await this.kernel.ask("jump",{to:e,rank:t,position:this.at});if(i===null&&t>0&&
(e==="longest"||e==="shortest"))return this.ranks[e]=0,this.go(e);(e==="longest"||e==="shortest")&&(this.ranks[e]+=1),this.found.textContent=i===null?e==="odd"?
"no odd character":"none":"",i!==null&&await this.show(i)}leaveOut(){!this.opened.can_change||this.outButton.hidden||(this.marked.has(this.at)?this.marked.delete(
this.at):this.marked.add(this.at),this.list.refresh(),this.tellDraft(),this.show(this.at))}differsFromPlan(){let{plan:e}=this.opened,t=[];this.template.value!==
e.template&&t.push("the template"),this.system.value!==(e.system??"")&&t.push("the system prompt");let i=new Set(e.left_out),a=[...this.marked].filter(s=>!i.has(
s)).length+[...i].filter(s=>!this.marked.has(s)).length;return a>0&&t.push(a===1?"1 row":`${a} rows`),t}tellDraft(){let e=this.differsFromPlan(),t=e.length>0;for(let s of[
this.approveButton,this.sampleButton])s.disabled=t||this.busy;let i=this.draft.hidden;if(this.draft.hidden=!t,!t)return;let a=`You changed ${e.join(" and ")}: t\
hat makes a new plan to decide on.`;if(!i&&this.draft.firstElementChild!==null){this.draft.firstElementChild.textContent=a;return}this.draft.replaceChildren(o("\
span",{},a),l("Make the new plan",()=>{this.change()},{class:"loopai-main",key:"u"}),l("Undo the change",()=>this.undo(),{class:"loopai-plain"}))}takeOver(){this.
root.scrollIntoView({block:"nearest"}),this.root.focus({preventScroll:!0})}undo(){this.fill(),this.show(this.at),this.root.focus()}async change(){this.busy||this.
differsFromPlan().length===0||await this.during(async()=>{let e=await this.kernel.ask("change",{template:this.template.value,system:this.system.value,left_out:[
...this.marked].sort((t,i)=>t-i)});this.opened=e,this.fill(),this.turn("prompts"),await this.show(this.at),this.heard.textContent=`New plan ${e.plan.id}, digest\
 ${e.plan.digest.slice(0,b)}`})}async approve(){this.approveButton.disabled||await this.during(()=>this.kernel.ask("approve",{digest:this.opened.plan.digest}))}async sample(){
if(this.sampleButton.disabled||this.opened.sample===0)return;let e=Number(this.count.value);if(!Number.isInteger(e)||e<1){this.count.focus();return}await this.during(
()=>this.kernel.ask("approve",{digest:this.opened.plan.digest,sample:e}))}tellSample(){this.sampleButton.firstChild.textContent=`Send ${this.count.value||"…"}\
 first`}askReason(){this.reason.hidden=!1,this.reasonText.focus()}async reject(){await this.during(()=>this.kernel.ask("reject",{digest:this.opened.plan.digest,
reason:this.reasonText.value}))}async during(e){if(!this.busy){this.busy=!0,this.said.textContent="",this.root.setAttribute("aria-busy","true"),document.activeElement instanceof
HTMLButtonElement&&this.root.contains(document.activeElement)&&this.root.focus({preventScroll:!0}),this.tellDraft();try{await e()}catch(t){if(!(t instanceof h))
throw t;this.said.textContent=t.message}finally{this.busy=!1,this.root.removeAttribute("aria-busy"),this.tellDraft()}}}keys(){let e=()=>{this.show(this.at+1)},t=()=>{
this.show(this.at-1)};return{a:()=>{this.approve()},s:()=>{this.sample()},e:()=>this.turn("edit"),r:()=>this.askReason(),u:()=>{this.change()},x:()=>this.leaveOut(),
j:e,k:t,ArrowDown:e,ArrowUp:t,PageDown:()=>{this.show(this.at+10)},PageUp:()=>{this.show(this.at-10)},Home:()=>{this.show(0)},End:()=>{this.show(this.opened.plan.
rows-1)},"/":()=>this.find.focus(),g:()=>this.jump.focus(),n:()=>{this.search(1)},N:()=>{this.search(-1)},o:()=>{this.go("odd")},m:()=>{this.go("masked")},l:()=>{
this.go("longest")},"?":()=>{this.go("random")},Escape:()=>this.leave()}}enter(){let e=document.activeElement;e===this.find?this.search(1):e===this.jump&&this.jump.
value!==""?(this.hit="",this.show(Number(this.jump.value))):e===this.reasonText?this.reject():e===this.count&&this.sample()}leave(){this.reason.hidden=!0,this.edit.
hidden||this.turn("prompts"),this.root.focus()}turn(e){if(!this.opened.can_change)return;let t=e==="edit";this.edit.hidden=!t,this.prompts.hidden=t;for(let i of[
...this.tools.children].slice(1))i.inert=t;this.tools.classList.toggle("off",t),this.editTab.setAttribute("aria-selected",String(t)),this.promptsTab.setAttribute(
"aria-selected",String(!t)),t?this.template.focus():this.root.focus()}tab(e,t){let i=l(e,t);return i.setAttribute("role","tab"),i.setAttribute("aria-selected",String(
e==="Prompts")),i}};function D({name:n,value:e,note:t,used:i}){let a=i===null?null:Math.round(Math.min(1,i)*100),s=o("div",{class:`meter${i!==null&&i>1?" over":
""}`,role:"meter","aria-label":"worst case against the budget","aria-valuemin":0,"aria-valuemax":100,"aria-valuenow":a}),r=o("div");return r.style.width=`${a??0}\
%`,s.append(r),o("div",{},o("dt",{},n),o("dd",{},o("div",{class:"value"},e),a!==null&&s,o("div",{class:"note"},t)))}function O(n,e){let t=o("dl",{},o("dt",{},"d\
igest"));t.append(o("dd",{class:"loopai-mono"},o("del",{class:"loopai-cut"},e.before.digest.slice(0,b))," ",o("ins",{class:"loopai-new"},n.digest.slice(0,b))));
for(let[a,s,r]of e.figures)t.append(o("dt",{},a),o("dd",{},o("del",{class:"loopai-cut"},s)," ",o("ins",{class:"loopai-new"},r)));e.left_out!==""&&t.append(o("dt",
{},"left out"),o("dd",{},e.left_out));let i=document.createDocumentFragment();return i.append(o("h4",{},`A new plan in the place of ${e.before.id}`)),e.template!==
null&&i.append(o("pre",{"aria-label":"How the template was changed"},d(e.template))),e.system!==null&&i.append(o("pre",{"aria-label":"How the system prompt was \
changed"},"[system] ",d(e.system))),i.append(t),i}function S(n){return`loopai-${n}-${Math.random().toString(36).slice(2,10)}`}var le={initialize({model:n}){E({model:n})},
render({model:n,el:e}){let t=new v(n),i,a=!1;return t.ask("open").then(s=>{a||(i="step"in s?new w(t,e,s):new x(t,e,s))}),()=>{a=!0,i?.close(),t.close()}}};export{le as default};
