function S(t,e={},...l){let n=document.createElement(t);for(let[i,r]of Object.entries(e))r===!1||r===null||r===void 0||n.setAttribute(i,r===!0?"":String(r));return n.
append(...l.filter(i=>!!i||i==="")),n}function Je(t,e,l={}){let n=S("button",{type:"button",class:`loopai-button ${l.class??""}`.trim(),title:l.title??null,"aria-keyshortcuts":l.key??null},t,l.key!==
void 0&&S("kbd",{"aria-hidden":"true"},l.key));return n.addEventListener("click",e),n}var Ss=["1h","24h","7d","30d","all"],bn=["run","server","model","template"];var gn=class{now;before=[];told=new Set;jump=null;tab="overview";constructor(e){this.now=Object.freeze({...e})}get scope(){return this.now}get canGoBack(){return this.
before.length>0}get hasLog(){return this.jump!==null}change(e){let l={...this.now,...e};Object.keys(l).every(n=>l[n]===this.now[n])||(this.remember(),this.set(l))}range(e,l){
this.change({last:null,since_ms:Math.floor(e),until_ms:Math.ceil(l)})}last(e){this.change({last:e,since_ms:null,until_ms:null})}open(e){e!==this.tab&&(this.tab=
e,this.set(this.now))}back(){let e=this.before.pop();e!==void 0&&(this.tab=e.tab,this.set(e.scope))}showRequests(e,l={}){if(this.jump===null){this.change(l);return}
this.remember(),this.tab="requests",this.jump(e),this.set({...this.now,...l})}listen(e){return this.told.add(e),()=>this.told.delete(e)}jumpsBy(e){this.jump=e}remember(){
this.before.push({scope:this.now,tab:this.tab}),this.before.length>50&&this.before.shift()}set(e){this.now=Object.freeze({...e});for(let l of this.told)l(this.now)}};var _s=["Jan","Feb","Mar","Apr","May","Jun","Jul","Aug","Sep","Oct","Nov","Dec"];function wn(t){let e=Math.abs(t);if(e<1e4)return Pl(t);for(let[l,n]of[[1e9,"G"],
[1e6,"M"],[1e3,"k"]])if(e>=l)return`${Ps(t/l)}${n}`;return Pl(t)}function Pl(t){return Math.round(t).toLocaleString("en")}function Ts(t){if(t===0)return"0";if(t>=
1)return t.toLocaleString("en",{minimumFractionDigits:2,maximumFractionDigits:2});let e=Math.min(12,Math.max(2,1-Math.floor(Math.log10(t)))),l=t.toFixed(e).replace(
/0+$/,"");return/\.\d\d/.test(l)?l:t.toFixed(2)}function Ms(t){return t>=1e3?wn(t):Ps(t,12)}function tl(t,e){if(e-t>=864e5){let r=di(t);return e-t>864e5?`${r} –\
 ${di(e-1)}`:r}let l=el(new Date(t)),n=new Date(e),i=el(n)===l||At(n)==="00:00"?At(n):`${el(n)} ${At(n)}`;return`${l} ${At(new Date(t))} – ${i}`}function Es(t,e){
return e===null?`since ${ui(t)}`:`${ui(t)} – ${el(new Date(t))===el(new Date(e))?At(new Date(e)):ui(e)}`}function ui(t){return`${el(new Date(t))} ${At(new Date(
t))}`}function As(t,e){let l="",n=t.every(i=>i*1e3%864e5===0)?!1:e<864e5;return t.map(i=>{let r=new Date(i*1e3),a=n?el(r):di(i*1e3),d=n?a===l?At(r):At(r)==="00:\
00"?a:l===""?At(r):`${At(r)}
${a}`:a;return l=a,d})}function Ps(t,e=1){return String(Number(t.toPrecision(3)).toFixed(Math.min(e,12))).replace(/\.?0+$/,"")}function ks(t){return String(t).padStart(2,"0")}function At(t){
return`${ks(t.getHours())}:${ks(t.getMinutes())}`}function el(t){return`${t.getDate()} ${_s[t.getMonth()]}${Ls(t.getFullYear())}`}function di(t){let e=new Date(
t);return`${e.getUTCDate()} ${_s[e.getUTCMonth()]}${Ls(e.getUTCFullYear())}`}function Ls(t){return t===new Date().getFullYear()?"":` ${t}`}var Zr={"1h":"1 h","24h":"24 h","7d":"7 d","30d":"30 d",all:"All"},Ds={"1h":"The last hour","24h":"The last 24 hours","7d":"The last 7 days","30d":"The last 30 \
days",all:"All that the ledger has"},Os={run:"All runs",server:"All servers",model:"All models",template:"All templates"},vn=class{constructor(e){this.state=e;let l=S(
"div",{class:"periods",role:"group","aria-label":"Period"});for(let n of Ss){let i=Je(Zr[n],()=>e.last(n),{title:Ds[n]});i.setAttribute("aria-label",Ds[n]),this.
presets.set(n,i),l.append(i)}this.range=Je("",()=>e.back(),{title:"Back to the period before"}),this.range.setAttribute("aria-pressed","true"),l.append(this.range),
this.element.append(l);for(let n of bn){let i=S("select",{"aria-label":Os[n].replace("All ","Which "),class:n});i.addEventListener("change",()=>e.change({[n]:i.
value===""?null:this.choices[n][Number(i.value)].name})),this.selects.set(n,i),this.element.append(i)}this.clear=Je("Clear",()=>e.change({run:null,server:null,model:null,
template:null}),{class:"loopai-plain",title:"Without any filter"}),this.back=Je("Back",()=>e.back(),{class:"loopai-plain",key:"b"}),this.element.append(this.clear,
this.back),this.update(e.scope)}state;element=S("div",{class:"filters",role:"group","aria-label":"Period and filters"});presets=new Map;selects=new Map;range;clear;back;choices={
run:[],server:[],model:[],template:[]};offered="";offer(e){let l=JSON.stringify(e);l!==this.offered&&(this.offered=l,this.choices=e,this.update(this.state.scope))}update(e){
for(let[l,n]of this.presets)n.setAttribute("aria-pressed",String(e.last===l));this.range.hidden=e.last!==null||e.since_ms===null,e.since_ms!==null&&(this.range.
textContent=Es(e.since_ms,e.until_ms));for(let l of bn)this.fill(l,e[l]);this.clear.hidden=bn.every(l=>e[l]===null),this.back.hidden=!this.state.canGoBack}fill(e,l){
let n=this.selects.get(e),i=this.choices[e];l!==null&&!i.some(({name:d})=>d===l)&&(i=[...i,{name:l,shown:l}],this.choices={...this.choices,[e]:i});let r=i.findIndex(
({name:d})=>d===l),a=JSON.stringify(i);n.dataset.filled!==a&&(n.dataset.filled=a,n.replaceChildren(S("option",{value:""},Os[e]),...i.map(({shown:d},f)=>S("optio\
n",{value:f},d)))),n.value=r<0?"":String(r),n.classList.toggle("chosen",r>=0),n.hidden=i.length<2&&r<0}};var Cs=()=>({element:S("div"),ready:!1,update:()=>{},close:()=>{}});var Rs=()=>({element:S("div"),ready:!1,update:()=>{},close:()=>{}});var ll=class extends Error{},yn=class{constructor(e){this.model=e;e.on("msg:custom",this.receive)}model;waiting=new Map;heard=new Map;name=Math.random().toString(
36).slice(2,10);asked=0;ask(e,l={}){let n=`${this.name}-${this.asked+=1}`;return new Promise((i,r)=>{this.waiting.set(n,{resolve:i,reject:r});let a=()=>this.model.
send({...l,id:n,kind:e});e==="open"?pi(a,()=>!this.waiting.has(n)):a()})}hear(e,l){this.heard.set(e,l)}close(){this.model.off("msg:custom",this.receive),this.waiting.
clear()}receive=e=>{let l=e;if(l.push!==void 0){this.heard.get(l.push)?.(l.data);return}let n=l.id===void 0?void 0:this.waiting.get(l.id);l.id===void 0||n===void 0||
(this.waiting.delete(l.id),l.error===void 0?n.resolve(l.ok):n.reject(new ll(l.error)))}};function zs({model:t}){let e=!1,l=n=>{e||=n.push==="met",e&&t.off("msg:\
custom",l)};t.on("msg:custom",l),pi(()=>t.send({kind:"hello"}),()=>e)}var Qr=400,Xr=25;function pi(t,e,l=Xr){t(),l>1&&window.setTimeout(()=>e()||pi(t,e,l-1),Qr)}var ea="uplot",ta="u-hz",la="u-vt",na="u-title",ia="u-wrap",sa="u-under",oa="u-over",ra="u-axis",sl="u-off",aa="u-select",ca="u-cursor-x",ua="u-cursor-y",da="u-\
cursor-pt",pa="u-legend",fa="u-live",ha="u-inline",ma="u-series",ga="u-marker",Fs="u-label",ba="u-value",Jl="width",Zl="height";var Ns="bottom",Ll="left",fi="right",Li="#000",Hs=Li+"0",hi="mousemove",$s="mousedown",mi="mouseup",Vs="mouseenter",Ws="mouseleave",Is="dblclick",wa="resize",va="\
scroll",qs="change",Tn="dppxchange",Di="--",Nl=typeof window<"u",yi=Nl?document:null,Ol=Nl?window:null,ya=Nl?navigator:null,oe,xn;function xi(){let t=devicePixelRatio;
oe!=t&&(oe=t,xn&&ki(qs,xn,xi),xn=matchMedia(`(min-resolution: ${oe-.001}dppx) and (max-resolution: ${oe+.001}dppx)`),ol(qs,xn,xi),Ol.dispatchEvent(new CustomEvent(
Tn)))}function lt(t,e){if(e!=null){let l=t.classList;!l.contains(e)&&l.add(e)}}function Si(t,e){let l=t.classList;l.contains(e)&&l.remove(e)}function be(t,e,l){
t.style[e]=l+"px"}function wt(t,e,l,n){let i=yi.createElement(t);return e!=null&&lt(i,e),l?.insertBefore(i,n),i}function dt(t,e){return wt("div",t,e)}var Bs=new WeakMap;
function Pt(t,e,l,n,i){let r="translate("+e+"px,"+l+"px)",a=Bs.get(t);r!=a&&(t.style.transform=r,Bs.set(t,r),e<0||l<0||e>n||l>i?lt(t,sl):Si(t,sl))}var Gs=new WeakMap;
function Ys(t,e,l){let n=e+l,i=Gs.get(t);n!=i&&(Gs.set(t,n),t.style.background=e,t.style.borderColor=l)}var Us=new WeakMap;function Ks(t,e,l,n){let i=e+""+l,r=Us.
get(t);i!=r&&(Us.set(t,i),t.style.height=l+"px",t.style.width=e+"px",t.style.marginLeft=n?-e/2+"px":0,t.style.marginTop=n?-l/2+"px":0)}var Oi={passive:!0},xa={...Oi,
capture:!0};function ol(t,e,l,n){e.addEventListener(t,l,n?xa:Oi)}function ki(t,e,l,n){e.removeEventListener(t,l,Oi)}Nl&&xi();function vt(t,e,l,n){let i;l=l||0,n=
n||e.length-1;let r=n<=2147483647;for(;n-l>1;)i=r?l+n>>1:nt((l+n)/2),e[i]<t?l=i:n=i;return t-e[l]<=e[n]-t?l:n}function ko(t){return(l,n,i)=>{let r=-1,a=-1;for(let d=n;d<=
i;d++)if(t(l[d])){r=d;break}for(let d=i;d>=n;d--)if(t(l[d])){a=d;break}return[r,a]}}var _o=t=>t!=null,To=t=>t!=null&&t>0,An=ko(_o),Sa=ko(To);function ka(t,e,l,n=0,i=!1){
let r=i?Sa:An,a=i?To:_o;[e,l]=r(t,e,l);let d=t[e],f=t[e];if(e>-1)if(n==1)d=t[e],f=t[l];else if(n==-1)d=t[l],f=t[e];else for(let h=e;h<=l;h++){let v=t[h];a(v)&&(v<
d?d=v:v>f&&(f=v))}return[d??de,f??-de]}function Pn(t,e,l,n){let i=Zs(t),r=Zs(e);t==e&&(i==-1?(t*=l,e/=l):(t/=l,e*=l));let a=l==10?Ct:Mo,d=i==1?nt:pt,f=r==1?pt:nt,
h=d(a(Pe(t))),v=f(a(Pe(e))),m=Cl(l,h),b=Cl(l,v);return l==10&&(h<0&&(m=pe(m,-h)),v<0&&(b=pe(b,-v))),n||l==2?(t=m*i,e=b*r):(t=Lo(t,m),e=Ln(e,b)),[t,e]}function Ci(t,e,l,n){
let i=Pn(t,e,l,n);return t==0&&(i[0]=0),e==0&&(i[1]=0),i}var Ri=.1,js={mode:3,pad:Ri},Xl={pad:0,soft:null,mode:0},_a={min:Xl,max:Xl};function Mn(t,e,l,n){return Dn(
l)?Js(t,e,l):(Xl.pad=l,Xl.soft=n?0:null,Xl.mode=n?3:0,Js(t,e,_a))}function ie(t,e){return t??e}function Ta(t,e,l){for(e=ie(e,0),l=ie(l,t.length-1);e<=l;){if(t[e]!=
null)return!0;e++}return!1}function Js(t,e,l){let n=l.min,i=l.max,r=ie(n.pad,0),a=ie(i.pad,0),d=ie(n.hard,-de),f=ie(i.hard,de),h=ie(n.soft,de),v=ie(i.soft,-de),
m=ie(n.mode,0),b=ie(i.mode,0),M=e-t,P=Ct(M),C=Ge(Pe(t),Pe(e)),V=Ct(C),I=Pe(V-P);(M<1e-24||I>10)&&(M=0,(t==0||e==0)&&(M=1e-24,m==2&&h!=de&&(r=0),b==2&&v!=-de&&(a=
0)));let k=M||C||1e3,$=Ct(k),_=Cl(10,nt($)),j=k*(M==0?t==0?.1:1:r),O=pe(Lo(t-j,_/10),24),J=t>=h&&(m==1||m==3&&O<=h||m==2&&O>=h)?h:de,Y=Ge(d,O<J&&t>=J?J:yt(J,O)),
X=k*(M==0?e==0?.1:1:a),G=pe(Ln(e+X,_/10),24),T=e<=v&&(b==1||b==3&&G>=v||b==2&&G<=v)?v:-de,K=yt(f,G>T&&e<=T?T:Ge(T,G));return Y==K&&Y==0&&(K=100),[Y,K]}var Ma=new Intl.
NumberFormat(Nl?ya.language:"en-US"),zi=t=>Ma.format(t),it=Math,_n=it.PI,Pe=it.abs,nt=it.floor,Ae=it.round,pt=it.ceil,yt=it.min,Ge=it.max,Cl=it.pow,Zs=it.sign,Ct=it.
log10,Mo=it.log2,Ea=(t,e=1)=>it.sinh(t)*e,gi=(t,e=1)=>it.asinh(t/e),de=1/0;function Qs(t){return(Ct((t^t>>31)-(t>>31))|0)+1}function _i(t,e,l){return yt(Ge(t,e),
l)}function Eo(t){return typeof t=="function"}function ee(t){return Eo(t)?t:()=>t}var Aa=()=>{},Ao=t=>t,Po=(t,e)=>e,Pa=t=>null,Xs=t=>!0,eo=(t,e)=>t==e,La=/\.\d*?(?=9{6,}|0{6,})/gm,
rl=t=>{if(Oo(t)||qt.has(t))return t;let e=`${t}`,l=e.match(La);if(l==null)return t;let n=l[0].length-1;if(e.indexOf("e-")!=-1){let[i,r]=e.split("e");return+`${rl(
i)}e${r}`}return pe(t,n)};function nl(t,e){return rl(pe(rl(t/e))*e)}function Ln(t,e){return rl(pt(rl(t/e))*e)}function Lo(t,e){return rl(nt(rl(t/e))*e)}function pe(t,e=0){
if(Oo(t))return t;let l=10**e,n=t*l*(1+Number.EPSILON);return Ae(n)/l}var qt=new Map;function Do(t){return((""+t).split(".")[1]||"").length}function tn(t,e,l,n){
let i=[],r=n.map(Do);for(let a=e;a<l;a++){let d=Pe(a),f=pe(Cl(t,a),d);for(let h=0;h<n.length;h++){let v=t==10?+`${n[h]}e${a}`:n[h]*f,m=(a>=0?0:d)+(a>=r[h]?0:r[h]),
b=t==10?v:pe(v,m);i.push(b),qt.set(b,m)}}return i}var en={},Fi=[],Rl=[null,null],It=Array.isArray,Oo=Number.isInteger,Da=t=>t===void 0;function to(t){return typeof t==
"string"}function Dn(t){let e=!1;if(t!=null){let l=t.constructor;e=l==null||l==Object}return e}function Oa(t){return t!=null&&typeof t=="object"}var Ca=Object.getPrototypeOf(
Uint8Array),Co="__proto__";function zl(t,e=Dn){let l;if(It(t)){let n=t.find(i=>i!=null);if(It(n)||e(n)){l=Array(t.length);for(let i=0;i<t.length;i++)l[i]=zl(t[i],
e)}else l=t.slice()}else if(t instanceof Ca)l=t.slice();else if(e(t)){l={};for(let n in t)n!=Co&&(l[n]=zl(t[n],e))}else l=t;return l}function Te(t){let e=arguments;
for(let l=1;l<e.length;l++){let n=e[l];for(let i in n)i!=Co&&(Dn(t[i])?Te(t[i],zl(n[i])):t[i]=zl(n[i]))}return t}var Ra=0,za=1,Fa=2;function Na(t,e,l){for(let n=0,
i,r=-1;n<e.length;n++){let a=e[n];if(a>r){for(i=a-1;i>=0&&t[i]==null;)t[i--]=null;for(i=a+1;i<l&&t[i]==null;)t[r=i++]=null}}}function Ha(t,e){if(Wa(t)){let a=t[0].
slice();for(let d=1;d<t.length;d++)a.push(...t[d].slice(1));return Ia(a[0])||(a=Va(a)),a}let l=new Set;for(let a=0;a<t.length;a++){let f=t[a][0],h=f.length;for(let v=0;v<
h;v++)l.add(f[v])}let n=[Array.from(l).sort((a,d)=>a-d)],i=n[0].length,r=new Map;for(let a=0;a<i;a++)r.set(n[0][a],a);for(let a=0;a<t.length;a++){let d=t[a],f=d[0];
for(let h=1;h<d.length;h++){let v=d[h],m=Array(i).fill(void 0),b=e?e[a][h]:za,M=[];for(let P=0;P<v.length;P++){let C=v[P],V=r.get(f[P]);C===null?b!=Ra&&(m[V]=C,
b==Fa&&M.push(V)):m[V]=C}Na(m,M,i),n.push(m)}}return n}var $a=typeof queueMicrotask>"u"?t=>Promise.resolve().then(t):queueMicrotask;function Va(t){let e=t[0],l=e.
length,n=Array(l);for(let r=0;r<n.length;r++)n[r]=r;n.sort((r,a)=>e[r]-e[a]);let i=[];for(let r=0;r<t.length;r++){let a=t[r],d=Array(l);for(let f=0;f<l;f++)d[f]=
a[n[f]];i.push(d)}return i}function Wa(t){let e=t[0][0],l=e.length;for(let n=1;n<t.length;n++){let i=t[n][0];if(i.length!=l)return!1;if(i!=e){for(let r=0;r<l;r++)
if(i[r]!=e[r])return!1}}return!0}function Ia(t,e=100){let l=t.length;if(l<=1)return!0;let n=0,i=l-1;for(;n<=i&&t[n]==null;)n++;for(;i>=n&&t[i]==null;)i--;if(i<=
n)return!0;let r=Ge(1,nt((i-n+1)/e));for(let a=t[n],d=n+r;d<=i;d+=r){let f=t[d];if(f!=null){if(f<=a)return!1;a=f}}return!0}var Ro=["January","February","March",
"April","May","June","July","August","September","October","November","December"],zo=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function Fo(t){
return t.slice(0,3)}var qa=zo.map(Fo),Ba=Ro.map(Fo),Ga={MMMM:Ro,MMM:Ba,WWWW:zo,WWW:qa};function jl(t){return(t<10?"0":"")+t}function Ya(t){return(t<10?"00":t<100?
"0":"")+t}var Ua={YYYY:t=>t.getFullYear(),YY:t=>(t.getFullYear()+"").slice(2),MMMM:(t,e)=>e.MMMM[t.getMonth()],MMM:(t,e)=>e.MMM[t.getMonth()],MM:t=>jl(t.getMonth()+
1),M:t=>t.getMonth()+1,DD:t=>jl(t.getDate()),D:t=>t.getDate(),WWWW:(t,e)=>e.WWWW[t.getDay()],WWW:(t,e)=>e.WWW[t.getDay()],HH:t=>jl(t.getHours()),H:t=>t.getHours(),
h:t=>{let e=t.getHours();return e==0?12:e>12?e-12:e},AA:t=>t.getHours()>=12?"PM":"AM",aa:t=>t.getHours()>=12?"pm":"am",a:t=>t.getHours()>=12?"p":"a",mm:t=>jl(t.
getMinutes()),m:t=>t.getMinutes(),ss:t=>jl(t.getSeconds()),s:t=>t.getSeconds(),fff:t=>Ya(t.getMilliseconds())};function Ni(t,e){e=e||Ga;let l=[],n=/\{([a-z]+)\}|[^{]+/gi,
i;for(;i=n.exec(t);)l.push(i[0][0]=="{"?Ua[i[1]]:i[0]);return r=>{let a="";for(let d=0;d<l.length;d++)a+=typeof l[d]=="string"?l[d]:l[d](r,e);return a}}var Ka=new Intl.
DateTimeFormat().resolvedOptions().timeZone;function ja(t,e){let l;return e=="UTC"||e=="Etc/UTC"?l=new Date(+t+t.getTimezoneOffset()*6e4):e==Ka?l=t:(l=new Date(
t.toLocaleString("en-US",{timeZone:e})),l.setMilliseconds(t.getMilliseconds())),l}var No=t=>t%1==0,En=[1,2,2.5,5],Ja=tn(10,-32,0,En),Ho=tn(10,0,32,En),Za=Ho.filter(
No),il=Ja.concat(Ho),Hi=`
`,$o="{YYYY}",lo=Hi+$o,Vo="{M}/{D}",Ql=Hi+Vo,Sn=Ql+"/{YY}",Wo="{aa}",Qa="{h}:{mm}",Dl=Qa+Wo,no=Hi+Dl,io=":{ss}",ae=null;function Io(t){let e=t*1e3,l=e*60,n=l*60,
i=n*24,r=i*30,a=i*365,f=(t==1?tn(10,0,3,En).filter(No):tn(10,-3,0,En)).concat([e,e*5,e*10,e*15,e*30,l,l*5,l*10,l*15,l*30,n,n*2,n*3,n*4,n*6,n*8,n*12,i,i*2,i*3,i*
4,i*5,i*6,i*7,i*8,i*9,i*10,i*15,r,r*2,r*3,r*4,r*6,a,a*2,a*5,a*10,a*25,a*50,a*100]),h=[[a,$o,ae,ae,ae,ae,ae,ae,1],[i*28,"{MMM}",lo,ae,ae,ae,ae,ae,1],[i,Vo,lo,ae,
ae,ae,ae,ae,1],[n,"{h}"+Wo,Sn,ae,Ql,ae,ae,ae,1],[l,Dl,Sn,ae,Ql,ae,ae,ae,1],[e,io,Sn+" "+Dl,ae,Ql+" "+Dl,ae,no,ae,1],[t,io+".{fff}",Sn+" "+Dl,ae,Ql+" "+Dl,ae,no,
ae,1]];function v(m){return(b,M,P,C,V,I)=>{let k=[],$=V>=a,_=V>=r&&V<a,j=m(P),O=pe(j*t,3),J=bi(j.getFullYear(),$?0:j.getMonth(),_||$?1:j.getDate()),Y=pe(J*t,3);
if(_||$){let X=_?V/r:0,G=$?V/a:0,T=O==Y?O:pe(bi(J.getFullYear()+G,J.getMonth()+X,1)*t,3),K=new Date(Ae(T/t)),R=K.getFullYear(),q=K.getMonth();for(let H=0;T<=C;H++){
let te=bi(R+G*H,q+X*H,1),N=te-m(pe(te*t,3));T=pe((+te+N)*t,3),T<=C&&k.push(T)}}else{let X=V>=i?i:V,G=nt(P)-nt(O),T=Y+G+Ln(O-Y,X);k.push(T);let K=m(T),R=K.getHours()+
K.getMinutes()/l+K.getSeconds()/n,q=V/n,H=b.axes[M]._space,te=I/H;for(;T=pe(T+V,t==1?0:3),!(T>C);)if(q>1){let N=nt(pe(R+q,6))%24,le=m(T).getHours()-N;le>1&&(le=
-1),T-=le*n,R=(R+q)%24;let ce=k[k.length-1];pe((T-ce)/V,3)*te>=.7&&k.push(T)}else k.push(T)}return k}}return[f,h,v]}var[Xa,ec,tc]=Io(1),[lc,nc,ic]=Io(.001);tn(2,
-53,53,[1]);function so(t,e){return t.map(l=>l.map((n,i)=>i==0||i==8||n==null?n:e(i==1||l[8]==0?n:l[1]+n)))}function oo(t,e){return(l,n,i,r,a)=>{let d=e.find(P=>a>=
P[0])||e[e.length-1],f,h,v,m,b,M;return n.map(P=>{let C=t(P),V=C.getFullYear(),I=C.getMonth(),k=C.getDate(),$=C.getHours(),_=C.getMinutes(),j=C.getSeconds(),O=V!=
f&&d[2]||I!=h&&d[3]||k!=v&&d[4]||$!=m&&d[5]||_!=b&&d[6]||j!=M&&d[7]||d[1];return f=V,h=I,v=k,m=$,b=_,M=j,O(C)})}}function sc(t,e){let l=Ni(e);return(n,i,r,a,d)=>i.
map(f=>l(t(f)))}function bi(t,e,l){return new Date(t,e,l)}function ro(t,e){return e(t)}var oc="{YYYY}-{MM}-{DD} {h}:{mm}{aa}";function ao(t,e){return(l,n,i,r)=>r==
null?Di:e(t(n))}function rc(t,e){let l=t.series[e];return l.width?l.stroke(t,e):l.points.width?l.points.stroke(t,e):null}function ac(t,e){return t.series[e].fill(
t,e)}var cc={show:!0,live:!0,isolate:!1,mount:Aa,markers:{show:!0,width:2,stroke:rc,fill:ac,dash:"solid"},idx:null,idxs:null,values:[]};function uc(t,e){let l=t.
cursor.points,n=dt(),i=l.size(t,e);be(n,Jl,i),be(n,Zl,i);let r=i/-2;be(n,"marginLeft",r),be(n,"marginTop",r);let a=l.width(t,e,i);return a&&be(n,"borderWidth",a),
n}function dc(t,e){let l=t.series[e].points;return l._fill||l._stroke}function pc(t,e){let l=t.series[e].points;return l._stroke||l._fill}function fc(t,e){return t.
series[e].points.size}var wi=[0,0];function hc(t,e,l){return wi[0]=e,wi[1]=l,wi}function kn(t,e,l,n=!0){return i=>{i.button==0&&(!n||i.target==e)&&l(i)}}function vi(t,e,l,n=!0){
return i=>{(!n||i.target==e)&&l(i)}}var mc={show:!0,x:!0,y:!0,lock:!1,move:hc,points:{one:!1,show:uc,size:fc,width:0,stroke:pc,fill:dc},bind:{mousedown:kn,mouseup:kn,
click:kn,dblclick:kn,mousemove:vi,mouseleave:vi,mouseenter:vi},drag:{setScale:!0,x:!0,y:!1,dist:0,uni:null,click:(t,e)=>{e.stopPropagation(),e.stopImmediatePropagation()},
_x:!1,_y:!1},focus:{dist:(t,e,l,n,i)=>n-i,prox:-1,bias:0},hover:{skip:[void 0],prox:null,bias:0},left:-10,top:-10,idx:null,dataIdx:null,idxs:null,event:null},qo={
show:!0,stroke:"rgba(0,0,0,0.07)",width:2},$i=Te({},qo,{filter:Po}),Bo=Te({},$i,{size:10}),Go=Te({},qo,{show:!1}),Vi='12px system-ui, -apple-system, "Segoe UI",\
 Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Noto Color Emoji"',Yo="bold "+Vi,Uo=1.5,co={
show:!0,scale:"x",stroke:Li,space:50,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:Yo,side:2,grid:$i,ticks:Bo,border:Go,font:Vi,lineGap:Uo,rotate:0},
gc="Value",bc="Time",uo={show:!0,scale:"x",auto:!1,sorted:1,min:de,max:-de,idxs:[]};function wc(t,e,l,n,i){return e.map(r=>r==null?"":zi(r))}function vc(t,e,l,n,i,r,a){
let d=[],f=qt.get(i)||0;l=a?l:pe(Ln(l,i),f);for(let h=l;h<=n;h=pe(h+i,f))d.push(Object.is(h,-0)?0:h);return d}function Ti(t,e,l,n,i,r,a){let d=[],f=t.scales[t.axes[e].
scale].log,h=f==10?Ct:Mo,v=nt(h(l));i=Cl(f,v),f==10&&(i=il[vt(i,il)]);let m=l,b=i*f;f==10&&(b=il[vt(b,il)]);do d.push(m),m=m+i,f==10&&!qt.has(m)&&(m=pe(m,qt.get(
i))),m>=b&&(i=m,b=i*f,f==10&&(b=il[vt(b,il)]));while(m<=n);return d}function yc(t,e,l,n,i,r,a){let f=t.scales[t.axes[e].scale].asinh,h=n>f?Ti(t,e,Ge(f,l),n,i):[
f],v=n>=0&&l<=0?[0]:[];return(l<-f?Ti(t,e,Ge(f,-n),-l,i):[f]).reverse().map(b=>-b).concat(v,h)}var Ko=/./,xc=/[12357]/,Sc=/[125]/,po=/1/,Mi=(t,e,l,n)=>t.map((i,r)=>e==
4&&i==0||r%n==0&&l.test(i.toExponential()[i<0?1:0])?i:null);function kc(t,e,l,n,i){let r=t.axes[l],a=r.scale,d=t.scales[a],f=t.valToPos,h=r._space,v=f(10,a),m=f(
9,a)-v>=h?Ko:f(7,a)-v>=h?xc:f(5,a)-v>=h?Sc:po;if(m==po){let b=Pe(f(1,a)-v);if(b<h)return Mi(e.slice().reverse(),d.distr,m,pt(h/b)).reverse()}return Mi(e,d.distr,
m,1)}function _c(t,e,l,n,i){let r=t.axes[l],a=r.scale,d=r._space,f=t.valToPos,h=Pe(f(1,a)-f(2,a));return h<d?Mi(e.slice().reverse(),3,Ko,pt(d/h)).reverse():e}function Tc(t,e,l,n){
return n==null?Di:e==null?"":zi(e)}var fo={show:!0,scale:"y",stroke:Li,space:30,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:Yo,side:3,grid:$i,ticks:Bo,
border:Go,font:Vi,lineGap:Uo,rotate:0};function Mc(t,e){let l=3+(t||1)*2;return pe(l*e,3)}function Ec(t,e){let{scale:l,idxs:n}=t.series[0],i=t._data[0],r=t.valToPos(
i[n[0]],l,!0),a=t.valToPos(i[n[1]],l,!0),d=Pe(a-r),f=t.series[e],h=d/(f.points.space*oe);return n[1]-n[0]<=h}var ho={scale:null,auto:!0,sorted:0,min:de,max:-de},
jo=(t,e,l,n,i)=>i,mo={show:!0,auto:!0,sorted:0,gaps:jo,alpha:1,facets:[Te({},ho,{scale:"x"}),Te({},ho,{scale:"y"})]},go={scale:"y",auto:!0,sorted:0,show:!0,spanGaps:!1,
gaps:jo,alpha:1,points:{show:Ec,filter:null},values:null,min:de,max:-de,idxs:[],path:null,clip:null};function Ac(t,e,l,n,i){return l/10}var Jo={time:!0,auto:!0,
distr:1,log:10,asinh:1,min:null,max:null,dir:1,ori:0},Pc=Te({},Jo,{time:!1,ori:1}),bo={};function Zo(t,e){let l=bo[t];return l||(l={key:t,plots:[],sub(n){l.plots.
push(n)},unsub(n){l.plots=l.plots.filter(i=>i!=n)},pub(n,i,r,a,d,f,h){for(let v=0;v<l.plots.length;v++)l.plots[v]!=i&&l.plots[v].pub(n,i,r,a,d,f,h)}},t!=null&&(bo[t]=
l)),l}var Fl=1,Ei=2;function al(t,e,l){let n=t.mode,i=t.series[e],r=n==2?t._data[e]:t._data,a=t.scales,d=t.bbox,f=r[0],h=n==2?r[1]:r[e],v=n==2?a[i.facets[0].scale]:
a[t.series[0].scale],m=n==2?a[i.facets[1].scale]:a[i.scale],b=d.left,M=d.top,P=d.width,C=d.height,V=t.valToPosH,I=t.valToPosV;return v.ori==0?l(i,f,h,v,m,V,I,b,
M,P,C,Cn,Hl,zn,Xo,tr):l(i,f,h,v,m,I,V,M,b,C,P,Rn,$l,qi,er,lr)}function Wi(t,e){let l=0,n=0,i=ie(t.bands,Fi);for(let r=0;r<i.length;r++){let a=i[r];a.series[0]==
e?l=a.dir:a.series[1]==e&&(a.dir==1?n|=1:n|=2)}return[l,n==1?-1:n==2?1:n==3?2:0]}function Lc(t,e,l,n,i){let r=t.mode,a=t.series[e],d=r==2?a.facets[1].scale:a.scale,
f=t.scales[d];return i==-1?f.min:i==1?f.max:f.distr==3?f.dir==1?f.min:f.max:0}function Rt(t,e,l,n,i,r){return al(t,e,(a,d,f,h,v,m,b,M,P,C,V)=>{let I=a.pxRound,k=h.
dir*(h.ori==0?1:-1),$=h.ori==0?Hl:$l,_,j;k==1?(_=l,j=n):(_=n,j=l);let O=I(m(d[_],h,C,M)),J=I(b(f[_],v,V,P)),Y=I(m(d[j],h,C,M)),X=I(b(r==1?v.max:v.min,v,V,P)),G=new Path2D(
i);return $(G,Y,X),$(G,O,X),$(G,O,J),G})}function On(t,e,l,n,i,r){let a=null;if(t.length>0){a=new Path2D;let d=e==0?zn:qi,f=l;for(let m=0;m<t.length;m++){let b=t[m];
if(b[1]>b[0]){let M=b[0]-f;M>0&&d(a,f,n,M,n+r),f=b[1]}}let h=l+i-f,v=10;h>0&&d(a,f,n-v/2,h,n+r+v)}return a}function Dc(t,e,l){let n=t[t.length-1];n&&n[0]==e?n[1]=
l:t.push([e,l])}function Ii(t,e,l,n,i,r,a){let d=[],f=t.length;for(let h=i==1?l:n;h>=l&&h<=n;h+=i)if(e[h]===null){let m=h,b=h;if(i==1)for(;++h<=n&&e[h]===null;)
b=h;else for(;--h>=l&&e[h]===null;)b=h;let M=r(t[m]),P=b==m?M:r(t[b]),C=m-i;M=a<=0&&C>=0&&C<f?r(t[C]):M;let I=b+i;P=a>=0&&I>=0&&I<f?r(t[I]):P,P>=M&&d.push([M,P])}
return d}function wo(t){return t==0?Ao:t==1?Ae:e=>nl(e,t)}function Qo(t){let e=t==0?Cn:Rn,l=t==0?(i,r,a,d,f,h)=>{i.arcTo(r,a,d,f,h)}:(i,r,a,d,f,h)=>{i.arcTo(a,r,
f,d,h)},n=t==0?(i,r,a,d,f)=>{i.rect(r,a,d,f)}:(i,r,a,d,f)=>{i.rect(a,r,f,d)};return(i,r,a,d,f,h=0,v=0)=>{h==0&&v==0?n(i,r,a,d,f):(h=yt(h,d/2,f/2),v=yt(v,d/2,f/2),
e(i,r+h,a),l(i,r+d,a,r+d,a+f,h),l(i,r+d,a+f,r,a+f,v),l(i,r,a+f,r,a,v),l(i,r,a,r+d,a,h),i.closePath())}}var Cn=(t,e,l)=>{t.moveTo(e,l)},Rn=(t,e,l)=>{t.moveTo(l,e)},
Hl=(t,e,l)=>{t.lineTo(e,l)},$l=(t,e,l)=>{t.lineTo(l,e)},zn=Qo(0),qi=Qo(1),Xo=(t,e,l,n,i,r)=>{t.arc(e,l,n,i,r)},er=(t,e,l,n,i,r)=>{t.arc(l,e,n,i,r)},tr=(t,e,l,n,i,r,a)=>{
t.bezierCurveTo(e,l,n,i,r,a)},lr=(t,e,l,n,i,r,a)=>{t.bezierCurveTo(l,e,i,n,a,r)};function nr(t){return(e,l,n,i,r)=>al(e,l,(a,d,f,h,v,m,b,M,P,C,V)=>{let{pxRound:I,
points:k}=a,$,_;h.ori==0?($=Cn,_=Xo):($=Rn,_=er);let j=pe(k.width*oe,3),O=(k.size-k.width)/2*oe,J=pe(O*2,3),Y=new Path2D,X=new Path2D,{left:G,top:T,width:K,height:R}=e.
bbox;zn(X,G-J,T-J,K+J*2,R+J*2);let q=H=>{if(f[H]!=null){let te=I(m(d[H],h,C,M)),N=I(b(f[H],v,V,P));$(Y,te+O,N),_(Y,te,N,O,0,_n*2)}};if(r)r.forEach(q);else for(let H=n;H<=
i;H++)q(H);return{stroke:j>0?Y:null,fill:Y,clip:X,flags:Fl|Ei}})}function ir(t){return(e,l,n,i,r,a)=>{n!=i&&(r!=n&&a!=n&&t(e,l,n),r!=i&&a!=i&&t(e,l,i),t(e,l,a))}}
var Oc=ir(Hl),Cc=ir($l);function sr(t){let e=ie(t?.alignGaps,0);return(l,n,i,r)=>al(l,n,(a,d,f,h,v,m,b,M,P,C,V)=>{[i,r]=An(f,i,r);let I=a.pxRound,k=R=>I(m(R,h,C,
M)),$=R=>I(b(R,v,V,P)),_,j;h.ori==0?(_=Hl,j=Oc):(_=$l,j=Cc);let O=h.dir*(h.ori==0?1:-1),J={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:Fl},Y=J.
stroke,X=!1;if(r-i>=C*4){let R=z=>l.posToVal(z,h.key,!0),q=null,H=null,te,N,Ue,we=k(d[O==1?i:r]),le=k(d[i]),ce=k(d[r]),Z=R(O==1?le+1:ce-1);for(let z=O==1?i:r;z>=
i&&z<=r;z+=O){let Me=d[z],ve=(O==1?Me<Z:Me>Z)?we:k(Me),re=f[z];ve==we?re!=null?(N=re,q==null?(_(Y,ve,$(N)),te=q=H=N):N<q?q=N:N>H&&(H=N)):re===null&&(X=!0):(q!=null&&
j(Y,we,$(q),$(H),$(te),$(N)),re!=null?(N=re,_(Y,ve,$(N)),q=H=te=N):(q=H=null,re===null&&(X=!0)),we=ve,Z=R(we+O))}q!=null&&q!=H&&Ue!=we&&j(Y,we,$(q),$(H),$(te),$(
N))}else for(let R=O==1?i:r;R>=i&&R<=r;R+=O){let q=f[R];q===null?X=!0:q!=null&&_(Y,k(d[R]),$(q))}let[T,K]=Wi(l,n);if(a.fill!=null||T!=0){let R=J.fill=new Path2D(
Y),q=a.fillTo(l,n,a.min,a.max,T),H=$(q),te=k(d[i]),N=k(d[r]);O==-1&&([N,te]=[te,N]),_(R,N,H),_(R,te,H)}if(!a.spanGaps){let R=[];X&&R.push(...Ii(d,f,i,r,O,k,e)),
J.gaps=R=a.gaps(l,n,i,r,R),J.clip=On(R,h.ori,M,P,C,V)}return K!=0&&(J.band=K==2?[Rt(l,n,i,r,Y,-1),Rt(l,n,i,r,Y,1)]:Rt(l,n,i,r,Y,K)),J})}function Rc(t){let e=ie(
t.align,1),l=ie(t.ascDesc,!1),n=ie(t.alignGaps,0),i=ie(t.extend,!1);return(r,a,d,f)=>al(r,a,(h,v,m,b,M,P,C,V,I,k,$)=>{[d,f]=An(m,d,f);let _=h.pxRound,{left:j,width:O}=r.
bbox,J=le=>_(P(le,b,k,V)),Y=le=>_(C(le,M,$,I)),X=b.ori==0?Hl:$l,G={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:Fl},T=G.stroke,K=b.dir*(b.ori==
0?1:-1),R=Y(m[K==1?d:f]),q=J(v[K==1?d:f]),H=q,te=q;i&&e==-1&&(te=j,X(T,te,R)),X(T,q,R);for(let le=K==1?d:f;le>=d&&le<=f;le+=K){let ce=m[le];if(ce==null)continue;
let Z=J(v[le]),z=Y(ce);e==1?X(T,Z,R):X(T,H,z),X(T,Z,z),R=z,H=Z}let N=H;i&&e==1&&(N=j+O,X(T,N,R));let[Ue,we]=Wi(r,a);if(h.fill!=null||Ue!=0){let le=G.fill=new Path2D(
T),ce=h.fillTo(r,a,h.min,h.max,Ue),Z=Y(ce);X(le,N,Z),X(le,te,Z)}if(!h.spanGaps){let le=[];le.push(...Ii(v,m,d,f,K,J,n));let ce=h.width*oe/2,Z=l||e==1?ce:-ce,z=l||
e==-1?-ce:ce;le.forEach(Me=>{Me[0]+=Z,Me[1]+=z}),G.gaps=le=h.gaps(r,a,d,f,le),G.clip=On(le,b.ori,V,I,k,$)}return we!=0&&(G.band=we==2?[Rt(r,a,d,f,T,-1),Rt(r,a,d,
f,T,1)]:Rt(r,a,d,f,T,we)),G})}function vo(t,e,l,n,i,r,a=de){if(t.length>1){let d=null;for(let f=0,h=1/0;f<t.length;f++)if(e[f]!==void 0){if(d!=null){let v=Pe(t[f]-
t[d]);v<h&&(h=v,a=Pe(l(t[f],n,i,r)-l(t[d],n,i,r)))}d=f}}return a}function zc(t){t=t||en;let e=ie(t.size,[.6,de,1]),l=t.align||0,n=t.gap||0,i=t.radius;i=i==null?
[0,0]:typeof i=="number"?[i,0]:i;let r=ee(i),a=1-e[0],d=ie(e[1],de),f=ie(e[2],1),h=ie(t.disp,en),v=ie(t.each,M=>{}),{fill:m,stroke:b}=h;return(M,P,C,V)=>al(M,P,
(I,k,$,_,j,O,J,Y,X,G,T)=>{let K=I.pxRound,R=l,q=n*oe,H=d*oe,te=f*oe,N,Ue;_.ori==0?[N,Ue]=r(M,P):[Ue,N]=r(M,P);let we=_.dir*(_.ori==0?1:-1),le=_.ori==0?zn:qi,ce=_.
ori==0?v:(L,fe,Ee,fl,Yt,St,Ut)=>{v(L,fe,Ee,Yt,fl,Ut,St)},Z=ie(M.bands,Fi).find(L=>L.series[0]==P),z=Z!=null?Z.dir:0,Me=I.fillTo(M,P,I.min,I.max,z),Ve=K(J(Me,j,T,
X)),ve,re,ft,Ze=G,xe=K(I.width*oe),xt=!1,Lt=null,st=null,Ft=null,ul=null;m!=null&&(xe==0||b!=null)&&(xt=!0,Lt=m.values(M,P,C,V),st=new Map,new Set(Lt).forEach(L=>{
L!=null&&st.set(L,new Path2D)}),xe>0&&(Ft=b.values(M,P,C,V),ul=new Map,new Set(Ft).forEach(L=>{L!=null&&ul.set(L,new Path2D)})));let{x0:dl,size:Wl}=h;if(dl!=null&&
Wl!=null){R=1,k=dl.values(M,P,C,V),dl.unit==2&&(k=k.map(Ee=>M.posToVal(Y+Ee*G,_.key,!0)));let L=Wl.values(M,P,C,V);Wl.unit==2?re=L[0]*G:re=O(L[0],_,G,Y)-O(0,_,G,
Y),Ze=vo(k,$,O,_,G,Y,Ze),ft=Ze-re+q}else Ze=vo(k,$,O,_,G,Y,Ze),ft=Ze*a+q,re=Ze-ft;ft<1&&(ft=0),xe>=re/2&&(xe=0),ft<5&&(K=Ao);let on=ft>0,Bt=Ze-ft-(on?xe:0);re=K(
_i(Bt,te,H)),ve=(R==0?re/2:R==we?0:re)-R*we*((R==0?q/2:0)+(on?xe/2:0));let We={stroke:null,fill:null,clip:null,band:null,gaps:null,flags:0},pl=xt?null:new Path2D,
Dt=null;if(Z!=null)Dt=M.data[Z.series[1]];else{let{y0:L,y1:fe}=h;L!=null&&fe!=null&&($=fe.values(M,P,C,V),Dt=L.values(M,P,C,V))}let Gt=N*re,U=Ue*re;for(let L=we==
1?C:V;L>=C&&L<=V;L+=we){let fe=$[L];if(fe==null)continue;if(Dt!=null){let Ke=Dt[L]??0;if(fe-Ke==0)continue;Ve=J(Ke,j,T,X)}let Ee=_.distr!=2||h!=null?k[L]:L,fl=O(
Ee,_,G,Y),Yt=J(ie(fe,Me),j,T,X),St=K(fl-ve),Ut=K(Ge(Yt,Ve)),Qe=K(yt(Yt,Ve)),ot=Ut-Qe;if(fe!=null){let Ke=fe<0?U:Gt,ht=fe<0?Gt:U;xt?(xe>0&&Ft[L]!=null&&le(ul.get(
Ft[L]),St,Qe+nt(xe/2),re,Ge(0,ot-xe),Ke,ht),Lt[L]!=null&&le(st.get(Lt[L]),St,Qe+nt(xe/2),re,Ge(0,ot-xe),Ke,ht)):le(pl,St,Qe+nt(xe/2),re,Ge(0,ot-xe),Ke,ht),ce(M,
P,L,St-xe/2,Qe,re+xe,ot)}}return xe>0?We.stroke=xt?ul:pl:xt||(We._fill=I.width==0?I._fill:I._stroke??I._fill,We.width=0),We.fill=xt?st:pl,We})}function Fc(t,e){
let l=ie(e?.alignGaps,0);return(n,i,r,a)=>al(n,i,(d,f,h,v,m,b,M,P,C,V,I)=>{[r,a]=An(h,r,a);let k=d.pxRound,$=N=>k(b(N,v,V,P)),_=N=>k(M(N,m,I,C)),j,O,J;v.ori==0?
(j=Cn,J=Hl,O=tr):(j=Rn,J=$l,O=lr);let Y=v.dir*(v.ori==0?1:-1),X=$(f[Y==1?r:a]),G=X,T=[],K=[];for(let N=Y==1?r:a;N>=r&&N<=a;N+=Y)if(h[N]!=null){let we=f[N],le=$(
we);T.push(G=le),K.push(_(h[N]))}let R={stroke:t(T,K,j,J,O,k),fill:null,clip:null,band:null,gaps:null,flags:Fl},q=R.stroke,[H,te]=Wi(n,i);if(d.fill!=null||H!=0){
let N=R.fill=new Path2D(q),Ue=d.fillTo(n,i,d.min,d.max,H),we=_(Ue);J(N,G,we),J(N,X,we)}if(!d.spanGaps){let N=[];N.push(...Ii(f,h,r,a,Y,$,l)),R.gaps=N=d.gaps(n,i,
r,a,N),R.clip=On(N,v.ori,P,C,V,I)}return te!=0&&(R.band=te==2?[Rt(n,i,r,a,q,-1),Rt(n,i,r,a,q,1)]:Rt(n,i,r,a,q,te)),R})}function Nc(t){return Fc(Hc,t)}function Hc(t,e,l,n,i,r){
let a=t.length;if(a<2)return null;let d=new Path2D;if(l(d,t[0],e[0]),a==2)n(d,t[1],e[1]);else{let f=Array(a),h=Array(a-1),v=Array(a-1),m=Array(a-1);for(let b=0;b<
a-1;b++)v[b]=e[b+1]-e[b],m[b]=t[b+1]-t[b],h[b]=v[b]/m[b];f[0]=h[0];for(let b=1;b<a-1;b++)h[b]===0||h[b-1]===0||h[b-1]>0!=h[b]>0?f[b]=0:(f[b]=3*(m[b-1]+m[b])/((2*
m[b]+m[b-1])/h[b-1]+(m[b]+2*m[b-1])/h[b]),isFinite(f[b])||(f[b]=0));f[a-1]=h[a-2];for(let b=0;b<a-1;b++)i(d,t[b]+m[b]/3,e[b]+f[b]*m[b]/3,t[b+1]-m[b]/3,e[b+1]-f[b+
1]*m[b]/3,t[b+1],e[b+1])}return d}var Ai=new Set;function yo(){for(let t of Ai)t.syncRect(!0)}Nl&&(ol(wa,Ol,yo),ol(va,Ol,yo,!0),ol(Tn,Ol,()=>{Le.pxRatio=oe}));var $c=sr(),
Vc=nr();function xo(t,e,l,n){return(n?[t[0],t[1]].concat(t.slice(2)):[t[0]].concat(t.slice(1))).map((r,a)=>Pi(r,a,e,l))}function Wc(t,e){return t.map((l,n)=>n==
0?{}:Te({},e,l))}function Pi(t,e,l,n){return Te({},e==0?l:n,t)}function or(t,e,l){return e==null?Rl:[e,l]}var Ic=or;function qc(t,e,l){return e==null?Rl:Mn(e,l,
Ri,!0)}function rr(t,e,l,n){return e==null?Rl:Pn(e,l,t.scales[n].log,!1)}var Bc=rr;function ar(t,e,l,n){return e==null?Rl:Ci(e,l,t.scales[n].log,!1)}var Gc=ar;function Yc(t,e,l,n,i){
let r=Ge(Qs(t),Qs(e)),a=e-t,d=vt(i/n*a,l);do{let f=l[d],h=n*f/a;if(h>=i&&r+(f<5?qt.get(f):0)<=17)return[f,h]}while(++d<l.length);return[0,0]}function So(t){let e,
l;return t=t.replace(/(\d+)px/,(n,i)=>(e=Ae((l=+i)*oe))+"px"),[t,e,l]}function Uc(t){t.show&&[t.font,t.labelFont].forEach(e=>{let l=pe(e[2]*oe,1);e[0]=e[0].replace(
/[0-9.]+px/,l+"px"),e[1]=l})}function Le(t,e,l){let n={mode:ie(t.mode,1)},i=n.mode;function r(s,o,c,u){let p=o.valToPct(s);return u+c*(o.dir==-1?1-p:p)}function a(s,o,c,u){
let p=o.valToPct(s);return u+c*(o.dir==-1?p:1-p)}function d(s,o,c,u){return o.ori==0?r(s,o,c,u):a(s,o,c,u)}n.valToPosH=r,n.valToPosV=a;let f=!1;n.status=0;let h=n.
root=dt(ea);if(t.id!=null&&(h.id=t.id),lt(h,t.class),t.title){let s=dt(na,h);s.textContent=t.title}let v=wt("canvas"),m=n.ctx=v.getContext("2d"),b=dt(ia,h);ol("\
click",b,s=>{s.target===P&&(he!=_l||ye!=Tl)&&He.click(n,s)},!0);let M=n.under=dt(sa,b);b.appendChild(v);let P=n.over=dt(oa,b);t=zl(t);let C=+ie(t.pxAlign,1),V=wo(
C);(t.plugins||[]).forEach(s=>{s.opts&&(t=s.opts(n,t)||t)});let I=t.ms||.001,k=n.series=i==1?xo(t.series||[],uo,go,!1):Wc(t.series||[null],mo),$=n.axes=xo(t.axes||
[],co,fo,!0),_=n.scales={},j=n.bands=t.bands||[];j.forEach(s=>{s.fill=ee(s.fill||null),s.dir=ie(s.dir,-1)});let O=i==2?k[1].facets[0].scale:k[0].scale,J={axes:Fr,
series:Dr},Y=(t.drawOrder||["axes","series"]).map(s=>J[s]);function X(s){let o=s.distr==3?c=>Ct(c>0?c:s.clamp(n,c,s.min,s.max,s.key)):s.distr==4?c=>gi(c,s.asinh):
s.distr==100?c=>s.fwd(c):c=>c;return c=>{let u=o(c),{_min:p,_max:g}=s,w=g-p;return(u-p)/w}}function G(s){let o=_[s];if(o==null){let c=(t.scales||en)[s]||en;if(c.
from!=null){G(c.from);let u=Te({},_[c.from],c,{key:s});u.valToPct=X(u),_[s]=u}else{o=_[s]=Te({},s==O?Jo:Pc,c),o.key=s;let u=o.time,p=o.range,g=It(p);if((s!=O||i==
2&&!u)&&(g&&(p[0]==null||p[1]==null)&&(p={min:p[0]==null?js:{mode:1,hard:p[0],soft:p[0]},max:p[1]==null?js:{mode:1,hard:p[1],soft:p[1]}},g=!1),!g&&Dn(p))){let w=p;
p=(y,x,E)=>x==null?Rl:Mn(x,E,w)}o.range=ee(p||(u?Ic:s==O?o.distr==3?Bc:o.distr==4?Gc:or:o.distr==3?rr:o.distr==4?ar:qc)),o.auto=ee(g?!1:o.auto),o.clamp=ee(o.clamp||
Ac),o._min=o._max=null,o.valToPct=X(o)}}}G("x"),G("y"),i==1&&k.forEach(s=>{G(s.scale)}),$.forEach(s=>{G(s.scale)});for(let s in t.scales)G(s);let T=_[O],K=T.distr,
R,q;T.ori==0?(lt(h,ta),R=r,q=a):(lt(h,la),R=a,q=r);let H={};for(let s in _){let o=_[s];(o.min!=null||o.max!=null)&&(H[s]={min:o.min,max:o.max},o.min=o.max=null)}
let te=t.tzDate||(s=>new Date(Ae(s/I))),N=t.fmtDate||Ni,Ue=I==1?tc(te):ic(te),we=oo(te,so(I==1?ec:nc,N)),le=ao(te,ro(oc,N)),ce=[],Z=n.legend=Te({},cc,t.legend),
z=n.cursor=Te({},mc,{drag:{y:i==2}},t.cursor),Me=Z.show,Ve=z.show,ve=Z.markers;Z.idxs=ce,ve.width=ee(ve.width),ve.dash=ee(ve.dash),ve.stroke=ee(ve.stroke),ve.fill=
ee(ve.fill);let re,ft,Ze,xe=[],xt=[],Lt,st=!1,Ft={};if(Z.live){let s=k[1]?k[1].values:null;st=s!=null,Lt=st?s(n,1,0):{_:0};for(let o in Lt)Ft[o]=Di}if(Me)if(re=
wt("table",pa,h),Ze=wt("tbody",null,re),Z.mount(n,re),st){ft=wt("thead",null,re,Ze);let s=wt("tr",null,ft);wt("th",null,s);for(var ul in Lt)wt("th",Fs,s).textContent=
ul}else lt(re,ha),Z.live&&lt(re,fa);let dl={show:!0},Wl={show:!1};function on(s,o){if(o==0&&(st||!Z.live||i==2))return Rl;let c=[],u=wt("tr",ma,Ze,Ze.childNodes[o]);
lt(u,s.class),s.show||lt(u,sl);let p=wt("th",null,u);if(ve.show){let y=dt(ga,p);if(o>0){let x=ve.width(n,o);x&&(y.style.border=x+"px "+ve.dash(n,o)+" "+ve.stroke(
n,o)),y.style.background=ve.fill(n,o)}}let g=dt(Fs,p);s.label instanceof HTMLElement?g.appendChild(s.label):g.textContent=s.label,o>0&&(ve.show||(g.style.color=
s.width>0?ve.stroke(n,o):ve.fill(n,o)),We("click",p,y=>{if(z._lock)return;jt(y);let x=k.indexOf(s);if((y.ctrlKey||y.metaKey)!=Z.isolate){let E=k.some((A,D)=>D>0&&
D!=x&&A.show);k.forEach((A,D)=>{D>0&&_t(D,E?D==x?dl:Wl:dl,!0,_e.setSeries)})}else _t(x,{show:!s.show},!0,_e.setSeries)},!1),ml&&We(Vs,p,y=>{z._lock||(jt(y),_t(k.
indexOf(s),El,!0,_e.setSeries))},!1));for(var w in Lt){let y=wt("td",ba,u);y.textContent="--",c.push(y)}return[u,c]}let Bt=new Map;function We(s,o,c,u=!0){let p=Bt.
get(o)||{},g=z.bind[s](n,o,c,u);g&&(ol(s,o,p[s]=g),Bt.set(o,p))}function pl(s,o,c){let u=Bt.get(o)||{};for(let p in u)(s==null||p==s)&&(ki(p,o,u[p]),delete u[p]);
s==null&&Bt.delete(o)}let Dt=0,Gt=0,U=0,L=0,fe=0,Ee=0,fl=fe,Yt=Ee,St=U,Ut=L,Qe=0,ot=0,Ke=0,ht=0;n.bbox={};let Wn=!1,rn=!1,hl=!1,Kt=!1,an=!1,rt=!1;function In(s,o,c){
(c||s!=n.width||o!=n.height)&&Yi(s,o),yl(!1),hl=!0,rn=!0,xl()}function Yi(s,o){n.width=Dt=U=s,n.height=Gt=L=o,fe=Ee=0,_r(),Tr();let c=n.bbox;Qe=c.left=nl(fe*oe,
.5),ot=c.top=nl(Ee*oe,.5),Ke=c.width=nl(U*oe,.5),ht=c.height=nl(L*oe,.5)}let xr=3;function Sr(){let s=!1,o=0;for(;!s;){o++;let c=Rr(o),u=zr(o);s=o==xr||c&&u,s||
(Yi(n.width,n.height),rn=!0)}}function kr({width:s,height:o}){In(s,o)}n.setSize=kr;function _r(){let s=!1,o=!1,c=!1,u=!1;$.forEach((p,g)=>{if(p.show&&p._show){let{
side:w,_size:y}=p,x=w%2,E=p.label!=null?p.labelSize:0,A=y+E;A>0&&(x?(U-=A,w==3?(fe+=A,u=!0):c=!0):(L-=A,w==0?(Ee+=A,s=!0):o=!0))}}),Jt[0]=s,Jt[1]=c,Jt[2]=o,Jt[3]=
u,U-=Nt[1]+Nt[3],fe+=Nt[3],L-=Nt[2]+Nt[0],Ee+=Nt[0]}function Tr(){let s=fe+U,o=Ee+L,c=fe,u=Ee;function p(g,w){switch(g){case 1:return s+=w,s-w;case 2:return o+=
w,o-w;case 3:return c-=w,c+w;case 0:return u-=w,u+w}}$.forEach((g,w)=>{if(g.show&&g._show){let y=g.side;g._pos=p(y,g._size),g.label!=null&&(g._lpos=p(y,g.labelSize))}})}
if(z.dataIdx==null){let s=z.hover,o=s.skip=new Set(s.skip??[]);o.add(void 0);let c=s.prox=ee(s.prox),u=s.bias??=0;z.dataIdx=(p,g,w,y)=>{if(g==0)return w;let x=w,
E=c(p,g,w,y)??de,A=E>=0&&E<de,D=T.ori==0?U:L,B=z.left,se=e[0],ne=e[g];if(o.has(ne[w])){x=null;let Q=null,W=null,F;if(u==0||u==-1)for(F=w;Q==null&&F-- >0;)o.has(
ne[F])||(Q=F);if(u==0||u==1)for(F=w;W==null&&F++<ne.length;)o.has(ne[F])||(W=F);if(Q!=null||W!=null)if(A){let ge=Q==null?-1/0:R(se[Q],T,D,0),Se=W==null?1/0:R(se[W],
T,D,0),Fe=B-ge,ue=Se-B;Fe<=ue?Fe<=E&&(x=Q):ue<=E&&(x=W)}else x=W==null?Q:Q==null?W:w-Q<=W-w?Q:W}else A&&Pe(B-R(se[w],T,D,0))>E&&(x=null);return x}}let jt=s=>{z.
event=s};z.idxs=ce,z._lock=!1;let $e=z.points;$e.show=ee($e.show),$e.size=ee($e.size),$e.stroke=ee($e.stroke),$e.width=ee($e.width),$e.fill=ee($e.fill);let kt=n.
focus=Te({},t.focus||{alpha:.3},z.focus),ml=kt.prox>=0,gl=ml&&$e.one,at=[],bl=[],wl=[];function Ui(s,o){let c=$e.show(n,o);if(c instanceof HTMLElement)return lt(
c,da),lt(c,s.class),Pt(c,-10,-10,U,L),P.insertBefore(c,at[o]),c}function Ki(s,o){if(i==1||o>0){let c=i==1&&_[s.scale].time,u=s.value;s.value=c?to(u)?ao(te,ro(u,
N)):u||le:u||Tc,s.label=s.label||(c?bc:gc)}if(gl||o>0){s.width=s.width==null?1:s.width,s.paths=s.paths||$c||Pa,s.fillTo=ee(s.fillTo||Lc),s.pxAlign=+ie(s.pxAlign,
C),s.pxRound=wo(s.pxAlign),s.stroke=ee(s.stroke||null),s.fill=ee(s.fill||null),s._stroke=s._fill=s._paths=s._focus=null;let c=Mc(Ge(1,s.width),1),u=s.points=Te(
{},{size:c,width:Ge(1,c*.2),stroke:s.stroke,space:c*2,paths:Vc,_stroke:null,_fill:null},s.points);u.show=ee(u.show),u.filter=ee(u.filter),u.fill=ee(u.fill),u.stroke=
ee(u.stroke),u.paths=ee(u.paths),u.pxAlign=s.pxAlign}if(Me){let c=on(s,o);xe.splice(o,0,c[0]),xt.splice(o,0,c[1]),Z.values.push(null)}if(Ve){ce.splice(o,0,null);
let c=null;gl?o==0&&(c=Ui(s,o)):o>0&&(c=Ui(s,o)),at.splice(o,0,c),bl.splice(o,0,0),wl.splice(o,0,0)}ze("addSeries",o)}function Mr(s,o){o=o??k.length,s=i==1?Pi(s,
o,uo,go):Pi(s,o,{},mo),k.splice(o,0,s),Ki(k[o],o)}n.addSeries=Mr;function Er(s){if(k.splice(s,1),Me){Z.values.splice(s,1),xt.splice(s,1);let o=xe.splice(s,1)[0];
pl(null,o.firstChild),o.remove()}Ve&&(ce.splice(s,1),at.splice(s,1)[0].remove(),bl.splice(s,1),wl.splice(s,1)),ze("delSeries",s)}n.delSeries=Er;let Jt=[!1,!1,!1,
!1];function Ar(s,o){if(s._show=s.show,s.show){let c=s.side%2,u=_[s.scale];u==null&&(s.scale=c?k[1].scale:O,u=_[s.scale]);let p=u.time;s.size=ee(s.size),s.space=
ee(s.space),s.rotate=ee(s.rotate),It(s.incrs)&&s.incrs.forEach(w=>{!qt.has(w)&&qt.set(w,Do(w))}),s.incrs=ee(s.incrs||(u.distr==2?Za:p?I==1?Xa:lc:il)),s.splits=ee(
s.splits||(p&&u.distr==1?Ue:u.distr==3?Ti:u.distr==4?yc:vc)),s.stroke=ee(s.stroke),s.grid.stroke=ee(s.grid.stroke),s.ticks.stroke=ee(s.ticks.stroke),s.border.stroke=
ee(s.border.stroke);let g=s.values;s.values=It(g)&&!It(g[0])?ee(g):p?It(g)?oo(te,so(g,N)):to(g)?sc(te,g):g||we:g||wc,s.filter=ee(s.filter||(u.distr>=3&&u.log==10?
kc:u.distr==3&&u.log==2?_c:Po)),s.font=So(s.font),s.labelFont=So(s.labelFont),s._size=s.size(n,null,o,0),s._space=s._rotate=s._incrs=s._found=s._splits=s._values=
null,s._size>0&&(Jt[o]=!0,s._el=dt(ra,b))}}function Il(s,o,c,u){let[p,g,w,y]=c,x=o%2,E=0;return x==0&&(y||g)&&(E=o==0&&!p||o==2&&!w?Ae(co.size/3):0),x==1&&(p||w)&&
(E=o==1&&!g||o==3&&!y?Ae(fo.size/2):0),E}let ji=n.padding=(t.padding||[Il,Il,Il,Il]).map(s=>ee(ie(s,Il))),Nt=n._padding=ji.map((s,o)=>s(n,o,Jt,0)),Ne,De=null,Oe=null,
cn=i==1?k[0].idxs:null,mt=null,ql=!1;function Ji(s,o){if(e=s??[],n.data=n._data=e,i==2){Ne=0;for(let c=1;c<k.length;c++)Ne+=e[c][0].length}else{e.length==0&&(n.
data=n._data=e=[[]]),mt=e[0],Ne=mt.length;let c=e;if(K==2){c=e.slice();let u=c[0]=Array(Ne);for(let p=0;p<Ne;p++)u[p]=p}n._data=e=c}if(yl(!0),ze("setData"),K==2&&
(hl=!0),o!==!1){let c=T;c.auto(n,ql)?qn():$t(O,c.min,c.max),Kt=Kt||z.left>=0,rt=!0,xl()}}n.setData=Ji;function qn(){ql=!0;let s,o;i==1&&(Ne>0?(De=cn[0]=0,Oe=cn[1]=
Ne-1,s=e[0][De],o=e[0][Oe],K==2?(s=De,o=Oe):s==o&&(K==3?[s,o]=Pn(s,s,T.log,!1):K==4?[s,o]=Ci(s,s,T.log,!1):T.time?o=s+Ae(86400/I):[s,o]=Mn(s,o,Ri,!0))):(De=cn[0]=
s=null,Oe=cn[1]=o=null)),$t(O,s,o)}let un,vl,Bn,Gn,Yn,Un,Kn,jn,Jn,je;function Zi(s,o,c,u,p,g){s??=Hs,c??=Fi,u??="butt",p??=Hs,g??="round",s!=un&&(m.strokeStyle=
un=s),p!=vl&&(m.fillStyle=vl=p),o!=Bn&&(m.lineWidth=Bn=o),g!=Yn&&(m.lineJoin=Yn=g),u!=Un&&(m.lineCap=Un=u),c!=Gn&&m.setLineDash(Gn=c)}function Qi(s,o,c,u){o!=vl&&
(m.fillStyle=vl=o),s!=Kn&&(m.font=Kn=s),c!=jn&&(m.textAlign=jn=c),u!=Jn&&(m.textBaseline=Jn=u)}function Zn(s,o,c,u,p=0){if(u.length>0&&s.auto(n,ql)&&(o==null||o.
min==null)){let g=ie(De,0),w=ie(Oe,u.length-1),y=c.min==null?ka(u,g,w,p,s.distr==3):[c.min,c.max];s.min=yt(s.min,c.min=y[0]),s.max=Ge(s.max,c.max=y[1])}}let Xi={
min:null,max:null};function Pr(){for(let u in _){let p=_[u];H[u]==null&&(p.min==null||H[O]!=null&&p.auto(n,ql))&&(H[u]=Xi)}for(let u in _){let p=_[u];H[u]==null&&
p.from!=null&&H[p.from]!=null&&(H[u]=Xi)}H[O]!=null&&yl(!0);let s={};for(let u in H){let p=H[u];if(p!=null){let g=s[u]=zl(_[u],Oa);if(p.min!=null)Te(g,p);else if(u!=
O||i==2)if(Ne==0&&g.from==null){let w=g.range(n,null,null,u);g.min=w[0],g.max=w[1]}else g.min=de,g.max=-de}}if(Ne>0){k.forEach((u,p)=>{if(i==1){let g=u.scale,w=H[g];
if(w==null)return;let y=s[g];if(p==0){let x=y.range(n,y.min,y.max,g);y.min=x[0],y.max=x[1],De=vt(y.min,e[0]),Oe=vt(y.max,e[0]),Oe-De>1&&(e[0][De]<y.min&&De++,e[0][Oe]>
y.max&&Oe--),u.min=mt[De],u.max=mt[Oe]}else u.show&&u.auto&&Zn(y,w,u,e[p],u.sorted);u.idxs[0]=De,u.idxs[1]=Oe}else if(p>0&&u.show&&u.auto){let[g,w]=u.facets,y=g.
scale,x=w.scale,[E,A]=e[p],D=s[y],B=s[x];D!=null&&Zn(D,H[y],g,E,g.sorted),B!=null&&Zn(B,H[x],w,A,w.sorted),u.min=w.min,u.max=w.max}});for(let u in s){let p=s[u],
g=H[u];if(p.from==null&&(g==null||g.min==null)){let w=p.range(n,p.min==de?null:p.min,p.max==-de?null:p.max,u);p.min=w[0],p.max=w[1]}}}for(let u in s){let p=s[u];
if(p.from!=null){let g=s[p.from];if(g.min==null)p.min=p.max=null;else{let w=p.range(n,g.min,g.max,u);p.min=w[0],p.max=w[1]}}}let o={},c=!1;for(let u in s){let p=s[u],
g=_[u];if(g.min!=p.min||g.max!=p.max){g.min=p.min,g.max=p.max;let w=g.distr;g._min=w==3?Ct(g.min):w==4?gi(g.min,g.asinh):w==100?g.fwd(g.min):g.min,g._max=w==3?Ct(
g.max):w==4?gi(g.max,g.asinh):w==100?g.fwd(g.max):g.max,o[u]=c=!0}}if(c){k.forEach((u,p)=>{i==2?p>0&&o.y&&(u._paths=null):o[u.scale]&&(u._paths=null)});for(let u in o)
hl=!0,ze("setScale",u);Ve&&z.left>=0&&(Kt=rt=!0)}for(let u in H)H[u]=null}function Lr(s){let o=_i(De-1,0,Ne-1),c=_i(Oe+1,0,Ne-1);for(;s[o]==null&&o>0;)o--;for(;s[c]==
null&&c<Ne-1;)c++;return[o,c]}function Dr(){if(Ne>0){let s=k.some(o=>o._focus)&&je!=kt.alpha;s&&(m.globalAlpha=je=kt.alpha),k.forEach((o,c)=>{if(c>0&&o.show&&(es(
c,!1),es(c,!0),o._paths==null)){let u=je;je!=o.alpha&&(m.globalAlpha=je=o.alpha);let p=i==2?[0,e[c][0].length-1]:Lr(e[c]);o._paths=o.paths(n,c,p[0],p[1]),je!=u&&
(m.globalAlpha=je=u)}}),k.forEach((o,c)=>{if(c>0&&o.show){let u=je;je!=o.alpha&&(m.globalAlpha=je=o.alpha),o._paths!=null&&ts(c,!1);{let p=o._paths!=null?o._paths.
gaps:null,g=o.points.show(n,c,De,Oe,p),w=o.points.filter(n,c,g,p);(g||w)&&(o.points._paths=o.points.paths(n,c,De,Oe,w),ts(c,!0))}je!=u&&(m.globalAlpha=je=u),ze(
"drawSeries",c)}}),s&&(m.globalAlpha=je=1)}}function es(s,o){let c=o?k[s].points:k[s];c._stroke=c.stroke(n,s),c._fill=c.fill(n,s)}function ts(s,o){let c=o?k[s].
points:k[s],{stroke:u,fill:p,clip:g,flags:w,_stroke:y=c._stroke,_fill:x=c._fill,_width:E=c.width}=c._paths;E=pe(E*oe,3);let A=null,D=E%2/2;o&&x==null&&(x=E>0?"#\
fff":y);let B=c.pxAlign==1&&D>0;if(B&&m.translate(D,D),!o){let se=Qe-E/2,ne=ot-E/2,Q=Ke+E,W=ht+E;A=new Path2D,A.rect(se,ne,Q,W)}o?Qn(y,E,c.dash,c.cap,x,u,p,w,g):
Or(s,y,E,c.dash,c.cap,x,u,p,w,A,g),B&&m.translate(-D,-D)}function Or(s,o,c,u,p,g,w,y,x,E,A){let D=!1;x!=0&&j.forEach((B,se)=>{if(B.series[0]==s){let ne=k[B.series[1]],
Q=e[B.series[1]],W=(ne._paths||en).band;It(W)&&(W=B.dir==1?W[0]:W[1]);let F,ge=null;ne.show&&W&&Ta(Q,De,Oe)?(ge=B.fill(n,se)||g,F=ne._paths.clip):W=null,Qn(o,c,
u,p,ge,w,y,x,E,A,F,W),D=!0}}),D||Qn(o,c,u,p,g,w,y,x,E,A)}let ls=Fl|Ei;function Qn(s,o,c,u,p,g,w,y,x,E,A,D){Zi(s,o,c,u,p),(x||E||D)&&(m.save(),x&&m.clip(x),E&&m.
clip(E)),D?(y&ls)==ls?(m.clip(D),A&&m.clip(A),pn(p,w),dn(s,g,o)):y&Ei?(pn(p,w),m.clip(D),dn(s,g,o)):y&Fl&&(m.save(),m.clip(D),A&&m.clip(A),pn(p,w),m.restore(),dn(
s,g,o)):(pn(p,w),dn(s,g,o)),(x||E||D)&&m.restore()}function dn(s,o,c){c>0&&(o instanceof Map?o.forEach((u,p)=>{m.strokeStyle=un=p,m.stroke(u)}):o!=null&&s&&m.stroke(
o))}function pn(s,o){o instanceof Map?o.forEach((c,u)=>{m.fillStyle=vl=u,m.fill(c)}):o!=null&&s&&m.fill(o)}function Cr(s,o,c,u){let p=$[s],g;if(u<=0)g=[0,0];else{
let w=p._space=p.space(n,s,o,c,u),y=p._incrs=p.incrs(n,s,o,c,u,w);g=Yc(o,c,y,u,w)}return p._found=g}function Xn(s,o,c,u,p,g,w,y,x,E){let A=w%2/2;C==1&&m.translate(
A,A),Zi(y,w,x,E,y),m.beginPath();let D,B,se,ne,Q=p+(u==0||u==3?-g:g);c==0?(B=p,ne=Q):(D=p,se=Q);for(let W=0;W<s.length;W++)o[W]!=null&&(c==0?D=se=s[W]:B=ne=s[W],
m.moveTo(D,B),m.lineTo(se,ne));m.stroke(),C==1&&m.translate(-A,-A)}function Rr(s){let o=!0;return $.forEach((c,u)=>{if(!c.show)return;let p=_[c.scale];if(p.min==
null){c._show&&(o=!1,c._show=!1,yl(!1));return}else c._show||(o=!1,c._show=!0,yl(!1));let g=c.side,w=g%2,{min:y,max:x}=p,[E,A]=Cr(u,y,x,w==0?U:L);if(A==0)return;
let D=p.distr==2,B=c._splits=c.splits(n,u,y,x,E,A,D),se=p.distr==2?B.map(F=>mt[F]):B,ne=p.distr==2?mt[B[1]]-mt[B[0]]:E,Q=c._values=c.values(n,c.filter(n,se,u,A,
ne),u,A,ne);c._rotate=g==2?c.rotate(n,Q,u,A):0;let W=c._size;c._size=pt(c.size(n,Q,u,s)),W!=null&&c._size!=W&&(o=!1)}),o}function zr(s){let o=!0;return ji.forEach(
(c,u)=>{let p=c(n,u,Jt,s);p!=Nt[u]&&(o=!1),Nt[u]=p}),o}function Fr(){for(let s=0;s<$.length;s++){let o=$[s];if(!o.show||!o._show)continue;let c=o.side,u=c%2,p,g,
w=o.stroke(n,s),y=c==0||c==3?-1:1,[x,E]=o._found;if(o.label!=null){let qe=o.labelGap*y,tt=Ae((o._lpos+qe)*oe);Qi(o.labelFont[0],w,"center",c==2?"top":Ns),m.save(),
u==1?(p=g=0,m.translate(tt,Ae(ot+ht/2)),m.rotate((c==3?-_n:_n)/2)):(p=Ae(Qe+Ke/2),g=tt);let Xt=Eo(o.label)?o.label(n,s,x,E):o.label;m.fillText(Xt,p,g),m.restore()}
if(E==0)continue;let A=_[o.scale],D=u==0?Ke:ht,B=u==0?Qe:ot,se=o._splits,ne=A.distr==2?se.map(qe=>mt[qe]):se,Q=A.distr==2?mt[se[1]]-mt[se[0]]:x,W=o.ticks,F=o.border,
ge=W.show?W.size:0,Se=Ae(ge*oe),Fe=Ae((o.alignTo==2?o._size-ge-o.gap:o.gap)*oe),ue=o._rotate*-_n/180,ke=V(o._pos*oe),Xe=(Se+Fe)*y,Ie=ke+Xe;g=u==0?Ie:0,p=u==1?Ie:
0;let ct=o.font[0],gt=o.align==1?Ll:o.align==2?fi:ue>0?Ll:ue<0?fi:u==0?"center":c==3?fi:Ll,Mt=ue||u==1?"middle":c==2?"top":Ns;Qi(ct,w,gt,Mt);let et=o.font[1]*o.
lineGap,ut=se.map(qe=>V(d(qe,A,D,B))),bt=o._values;for(let qe=0;qe<bt.length;qe++){let tt=bt[qe];if(tt!=null){u==0?p=ut[qe]:g=ut[qe],tt=""+tt;let Xt=tt.indexOf(
`
`)==-1?[tt]:tt.split(/\n/gm);for(let Be=0;Be<Xt.length;Be++){let xs=Xt[Be];ue?(m.save(),m.translate(p,g+Be*et),m.rotate(ue),m.fillText(xs,0,0),m.restore()):m.fillText(
xs,p,g+Be*et)}}}W.show&&Xn(ut,W.filter(n,ne,s,E,Q),u,c,ke,Se,pe(W.width*oe,3),W.stroke(n,s),W.dash,W.cap);let Et=o.grid;Et.show&&Xn(ut,Et.filter(n,ne,s,E,Q),u,u==
0?2:1,u==0?ot:Qe,u==0?ht:Ke,pe(Et.width*oe,3),Et.stroke(n,s),Et.dash,Et.cap),F.show&&Xn([ke],[1],u==0?1:0,u==0?1:2,u==1?ot:Qe,u==1?ht:Ke,pe(F.width*oe,3),F.stroke(
n,s),F.dash,F.cap)}ze("drawAxes")}function yl(s){k.forEach((o,c)=>{c>0&&(o._paths=null,s&&(i==1?(o.min=null,o.max=null):o.facets.forEach(u=>{u.min=null,u.max=null})))})}
let fn=!1,ei=!1,Bl=[];function Nr(){ei=!1;for(let s=0;s<Bl.length;s++)ze(...Bl[s]);Bl.length=0}function xl(){fn||($a(ns),fn=!0)}function Hr(s,o=!1){fn=!0,ei=o,s(
n),ns(),o&&Bl.length>0&&queueMicrotask(Nr)}n.batch=Hr;function ns(){if(Wn&&(Pr(),Wn=!1),hl&&(Sr(),hl=!1),rn){if(be(M,Ll,fe),be(M,"top",Ee),be(M,Jl,U),be(M,Zl,L),
be(P,Ll,fe),be(P,"top",Ee),be(P,Jl,U),be(P,Zl,L),be(b,Jl,Dt),be(b,Zl,Gt),v.width=Ae(Dt*oe),v.height=Ae(Gt*oe),$.forEach(({_el:s,_show:o,_size:c,_pos:u,side:p})=>{
if(s!=null)if(o){let g=p===3||p===0?c:0,w=p%2==1;be(s,w?"left":"top",u-g),be(s,w?"width":"height",c),be(s,w?"top":"left",w?Ee:fe),be(s,w?"height":"width",w?L:U),
Si(s,sl)}else lt(s,sl)}),un=vl=Bn=Yn=Un=Kn=jn=Jn=Gn=null,je=1,Ul(!0),fe!=fl||Ee!=Yt||U!=St||L!=Ut){yl(!1);let s=U/St,o=L/Ut;if(Ve&&!Kt&&z.left>=0){z.left*=s,z.top*=
o,Sl&&Pt(Sl,Ae(z.left),0,U,L),kl&&Pt(kl,0,Ae(z.top),U,L);for(let c=0;c<at.length;c++){let u=at[c];u!=null&&(bl[c]*=s,wl[c]*=o,Pt(u,pt(bl[c]),pt(wl[c]),U,L))}}if(me.
show&&!an&&me.left>=0&&me.width>0){me.left*=s,me.width*=s,me.top*=o,me.height*=o;for(let c in oi)be(Ml,c,me[c])}fl=fe,Yt=Ee,St=U,Ut=L}ze("setSize"),rn=!1}Dt>0&&
Gt>0&&(m.clearRect(0,0,v.width,v.height),ze("drawClear"),Y.forEach(s=>s()),ze("draw")),me.show&&an&&(hn(me),an=!1),Ve&&Kt&&(Qt(null,!0,!1),Kt=!1),Z.show&&Z.live&&
rt&&(ii(),rt=!1),f||(f=!0,n.status=1,ze("ready")),ql=!1,fn=!1}n.redraw=(s,o)=>{hl=o||!1,s!==!1?$t(O,T.min,T.max):xl()};function ti(s,o){let c=_[s];if(c.from==null){
if(Ne==0){let u=c.range(n,o.min,o.max,s);o.min=u[0],o.max=u[1]}if(o.min>o.max){let u=o.min;o.min=o.max,o.max=u}if(Ne>1&&o.min!=null&&o.max!=null&&o.max-o.min<1e-16)
return;s==O&&c.distr==2&&Ne>0&&(o.min=vt(o.min,e[0]),o.max=vt(o.max,e[0]),o.min==o.max&&o.max++),H[s]=o,Wn=!0,xl()}}n.setScale=ti;let li,ni,Sl,kl,is,ss,_l,Tl,os,
rs,he,ye,Ht=!1,He=z.drag,Ce=He.x,Re=He.y;Ve&&(z.x&&(li=dt(ca,P)),z.y&&(ni=dt(ua,P)),T.ori==0?(Sl=li,kl=ni):(Sl=ni,kl=li),he=z.left,ye=z.top);let me=n.select=Te(
{show:!0,over:!0,left:0,width:0,top:0,height:0},t.select),Ml=me.show?dt(aa,me.over?P:M):null;function hn(s,o){if(me.show){for(let c in s)me[c]=s[c],c in oi&&be(
Ml,c,s[c]);o!==!1&&ze("setSelect")}}n.setSelect=hn;function $r(s){if(k[s].show)Me&&Si(xe[s],sl);else if(Me&&lt(xe[s],sl),Ve){let c=gl?at[0]:at[s];c!=null&&Pt(c,
-10,-10,U,L)}}function $t(s,o,c){ti(s,{min:o,max:c})}function _t(s,o,c,u){o.focus!=null&&Br(s),o.show!=null&&k.forEach((p,g)=>{g>0&&(s==g||s==null)&&(p.show=o.show,
$r(g),i==2?($t(p.facets[0].scale,null,null),$t(p.facets[1].scale,null,null)):$t(p.scale,null,null),xl())}),c!==!1&&ze("setSeries",s,o),u&&Kl("setSeries",n,s,o)}
n.setSeries=_t;function Vr(s,o){Te(j[s],o)}function Wr(s,o){s.fill=ee(s.fill||null),s.dir=ie(s.dir,-1),o=o??j.length,j.splice(o,0,s)}function Ir(s){s==null?j.length=
0:j.splice(s,1)}n.addBand=Wr,n.setBand=Vr,n.delBand=Ir;function qr(s,o){k[s].alpha=o,Ve&&at[s]!=null&&(at[s].style.opacity=o),Me&&xe[s]&&(xe[s].style.opacity=o)}
let Ot,Vt,Zt,El={focus:!0};function Br(s){if(s!=Zt){let o=s==null,c=kt.alpha!=1;k.forEach((u,p)=>{if(i==1||p>0){let g=o||p==0||p==s;u._focus=o?null:g,c&&qr(p,g?
1:kt.alpha)}}),Zt=s,c&&xl()}}Me&&ml&&We(Ws,re,s=>{z._lock||(jt(s),Zt!=null&&_t(null,El,!0,_e.setSeries))});function Tt(s,o,c){let u=_[o];c&&(s=s/oe-(u.ori==1?Ee:
fe));let p=U;u.ori==1&&(p=L,s=p-s),u.dir==-1&&(s=p-s);let g=u._min,w=u._max,y=s/p,x=g+(w-g)*y,E=u.distr;return E==3?Cl(10,x):E==4?Ea(x,u.asinh):E==100?u.bwd(x):
x}function Gr(s,o){let c=Tt(s,O,o);return vt(c,e[0],De,Oe)}n.valToIdx=s=>vt(s,e[0]),n.posToIdx=Gr,n.posToVal=Tt,n.valToPos=(s,o,c)=>_[o].ori==0?r(s,_[o],c?Ke:U,
c?Qe:0):a(s,_[o],c?ht:L,c?ot:0),n.setCursor=(s,o,c)=>{he=s.left,ye=s.top,Qt(null,o,c)};function as(s,o){be(Ml,Ll,me.left=s),be(Ml,Jl,me.width=o)}function cs(s,o){
be(Ml,"top",me.top=s),be(Ml,Zl,me.height=o)}let Gl=T.ori==0?as:cs,Yl=T.ori==1?as:cs;function Yr(){if(Me&&Z.live)for(let s=i==2?1:0;s<k.length;s++){if(s==0&&st)continue;
let o=Z.values[s],c=0;for(let u in o)xt[s][c++].firstChild.nodeValue=o[u]}}function ii(s,o){if(s!=null&&(s.idxs?s.idxs.forEach((c,u)=>{ce[u]=c}):Da(s.idx)||ce.fill(
s.idx),Z.idx=ce[0]),Me&&Z.live){for(let c=0;c<k.length;c++)(c>0||i==1&&!st)&&Ur(c,ce[c]);Yr()}rt=!1,o!==!1&&ze("setLegend")}n.setLegend=ii;function Ur(s,o){let c=k[s],
u=s==0&&K==2?mt:e[s],p;st?p=c.values(n,s,o)??Ft:(p=c.value(n,o==null?null:u[o],s,o),p=p==null?Ft:{_:p}),Z.values[s]=p}function Qt(s,o,c){os=he,rs=ye,[he,ye]=z.move(
n,he,ye),z.left=he,z.top=ye,Ve&&(Sl&&Pt(Sl,Ae(he),0,U,L),kl&&Pt(kl,0,Ae(ye),U,L));let u,p=De>Oe;Ot=de,Vt=null;let g=T.ori==0?U:L,w=T.ori==1?U:L;if(he<0||Ne==0||
p){u=z.idx=null;for(let y=0;y<k.length;y++){let x=at[y];x!=null&&Pt(x,-10,-10,U,L)}ml&&_t(null,El,!0,s==null&&_e.setSeries),Z.live&&(ce.fill(u),rt=!0)}else{let y,
x,E;i==1&&(y=T.ori==0?he:ye,x=Tt(y,O),u=z.idx=vt(x,e[0],De,Oe),E=R(e[0][u],T,g,0));let A=-10,D=-10,B=0,se=0,ne=!0,Q="",W="";for(let F=i==2?1:0;F<k.length;F++){let ge=k[F],
Se=ce[F],Fe=Se==null?null:i==1?e[F][Se]:e[F][1][Se],ue=z.dataIdx(n,F,u,x),ke=ue==null?null:i==1?e[F][ue]:e[F][1][ue];if(rt=rt||ke!=Fe||ue!=Se,ce[F]=ue,F>0&&ge.show){
let Xe=ue==null?-10:ue==u?E:R(i==1?e[0][ue]:e[F][0][ue],T,g,0),Ie=ke==null?-10:q(ke,i==1?_[ge.scale]:_[ge.facets[1].scale],w,0);if(ml&&ke!=null){let ct=T.ori==1?
he:ye,gt=Pe(kt.dist(n,F,ue,Ie,ct));if(gt<Ot){let Mt=kt.bias;if(Mt!=0){let et=Tt(ct,ge.scale),ut=ke>=0?1:-1,bt=et>=0?1:-1;bt==ut&&(bt==1?Mt==1?ke>=et:ke<=et:Mt==
1?ke<=et:ke>=et)&&(Ot=gt,Vt=F)}else Ot=gt,Vt=F}}if(rt||gl){let ct,gt;T.ori==0?(ct=Xe,gt=Ie):(ct=Ie,gt=Xe);let Mt,et,ut,bt,Et,qe,tt=!0,Xt=$e.bbox;if(Xt!=null){tt=
!1;let Be=Xt(n,F);ut=Be.left,bt=Be.top,Mt=Be.width,et=Be.height}else ut=ct,bt=gt,Mt=et=$e.size(n,F);if(qe=$e.fill(n,F),Et=$e.stroke(n,F),gl)F==Vt&&Ot<=kt.prox&&
(A=ut,D=bt,B=Mt,se=et,ne=tt,Q=qe,W=Et);else{let Be=at[F];Be!=null&&(bl[F]=ut,wl[F]=bt,Ks(Be,Mt,et,tt),Ys(Be,qe,Et),Pt(Be,pt(ut),pt(bt),U,L))}}}}if(gl){let F=kt.
prox,ge=Zt==null?Ot<=F:Ot>F||Vt!=Zt;if(rt||ge){let Se=at[0];Se!=null&&(bl[0]=A,wl[0]=D,Ks(Se,B,se,ne),Ys(Se,Q,W),Pt(Se,pt(A),pt(D),U,L))}}}if(me.show&&Ht)if(s!=
null){let[y,x]=_e.scales,[E,A]=_e.match,[D,B]=s.cursor.sync.scales,se=s.cursor.drag;if(Ce=se._x,Re=se._y,Ce||Re){let{left:ne,top:Q,width:W,height:F}=s.select,ge=s.
scales[D].ori,Se=s.posToVal,Fe,ue,ke,Xe,Ie,ct=y!=null&&E(y,D),gt=x!=null&&A(x,B);ct&&Ce?(ge==0?(Fe=ne,ue=W):(Fe=Q,ue=F),ke=_[y],Xe=R(Se(Fe,D),ke,g,0),Ie=R(Se(Fe+
ue,D),ke,g,0),Gl(yt(Xe,Ie),Pe(Ie-Xe))):Gl(0,g),gt&&Re?(ge==1?(Fe=ne,ue=W):(Fe=Q,ue=F),ke=_[x],Xe=q(Se(Fe,B),ke,w,0),Ie=q(Se(Fe+ue,B),ke,w,0),Yl(yt(Xe,Ie),Pe(Ie-
Xe))):Yl(0,w)}else ri()}else{let y=Pe(os-is),x=Pe(rs-ss);if(T.ori==1){let B=y;y=x,x=B}Ce=He.x&&y>=He.dist,Re=He.y&&x>=He.dist;let E=He.uni;E!=null?Ce&&Re&&(Ce=y>=
E,Re=x>=E,!Ce&&!Re&&(x>y?Re=!0:Ce=!0)):He.x&&He.y&&(Ce||Re)&&(Ce=Re=!0);let A,D;Ce&&(T.ori==0?(A=_l,D=he):(A=Tl,D=ye),Gl(yt(A,D),Pe(D-A)),Re||Yl(0,w)),Re&&(T.ori==
1?(A=_l,D=he):(A=Tl,D=ye),Yl(yt(A,D),Pe(D-A)),Ce||Gl(0,g)),!Ce&&!Re&&(Gl(0,0),Yl(0,0))}if(He._x=Ce,He._y=Re,s==null){if(c){if(ys!=null){let[y,x]=_e.scales;_e.values[0]=
y!=null?Tt(T.ori==0?he:ye,y):null,_e.values[1]=x!=null?Tt(T.ori==1?he:ye,x):null}Kl(hi,n,he,ye,U,L,u)}if(ml){let y=c&&_e.setSeries,x=kt.prox;Zt==null?Ot<=x&&_t(
Vt,El,!0,y):Ot>x?_t(null,El,!0,y):Vt!=Zt&&_t(Vt,El,!0,y)}}rt&&(Z.idx=u,ii()),o!==!1&&ze("setCursor")}let Wt=null;Object.defineProperty(n,"rect",{get(){return Wt==
null&&Ul(!1),Wt}});function Ul(s=!1){s?Wt=null:(Wt=P.getBoundingClientRect(),ze("syncRect",Wt))}function us(s,o,c,u,p,g,w){z._lock||Ht&&s!=null&&s.movementX==0&&
s.movementY==0||(si(s,o,c,u,p,g,w,!1,s!=null),s!=null?Qt(null,!0,!0):Qt(o,!0,!1))}function si(s,o,c,u,p,g,w,y,x){if(Wt==null&&Ul(!1),jt(s),s!=null)c=s.clientX-Wt.
left,u=s.clientY-Wt.top;else{if(c<0||u<0){he=-10,ye=-10;return}let[E,A]=_e.scales,D=o.cursor.sync,[B,se]=D.values,[ne,Q]=D.scales,[W,F]=_e.match,ge=o.axes[0].side%
2==1,Se=T.ori==0?U:L,Fe=T.ori==1?U:L,ue=ge?g:p,ke=ge?p:g,Xe=ge?u:c,Ie=ge?c:u;if(ne!=null?c=W(E,ne)?d(B,_[E],Se,0):-10:c=Se*(Xe/ue),Q!=null?u=F(A,Q)?d(se,_[A],Fe,
0):-10:u=Fe*(Ie/ke),T.ori==1){let ct=c;c=u,u=ct}}x&&(o==null||o.cursor.event.type==hi)&&((c<=1||c>=U-1)&&(c=nl(c,U)),(u<=1||u>=L-1)&&(u=nl(u,L))),y?(is=c,ss=u,[
_l,Tl]=z.move(n,c,u)):(he=c,ye=u)}let oi={width:0,height:0,left:0,top:0};function ri(){hn(oi,!1)}let ds,ps,fs,hs;function ms(s,o,c,u,p,g,w){Ht=!0,Ce=Re=He._x=He.
_y=!1,si(s,o,c,u,p,g,w,!0,!1),s!=null&&(We(mi,yi,gs,!1),Kl($s,n,_l,Tl,U,L,null));let{left:y,top:x,width:E,height:A}=me;ds=y,ps=x,fs=E,hs=A}function gs(s,o,c,u,p,g,w){
Ht=He._x=He._y=!1,si(s,o,c,u,p,g,w,!1,!0);let{left:y,top:x,width:E,height:A}=me,D=E>0||A>0,B=ds!=y||ps!=x||fs!=E||hs!=A;if(D&&B&&hn(me),He.setScale&&D&&B){let se=y,
ne=E,Q=x,W=A;if(T.ori==1&&(se=x,ne=A,Q=y,W=E),Ce&&$t(O,Tt(se,O),Tt(se+ne,O)),Re)for(let F in _){let ge=_[F];F!=O&&ge.from==null&&ge.min!=de&&$t(F,Tt(Q+W,F),Tt(Q,
F))}ri()}else z.lock&&(z._lock=!z._lock,Qt(o,!0,s!=null));s!=null&&(pl(mi,yi),Kl(mi,n,he,ye,U,L,null))}function Kr(s,o,c,u,p,g,w){if(z._lock)return;jt(s);let y=Ht;
if(Ht){let x=!0,E=!0,A=10,D,B;T.ori==0?(D=Ce,B=Re):(D=Re,B=Ce),D&&B&&(x=he<=A||he>=U-A,E=ye<=A||ye>=L-A),D&&x&&(he=he<_l?0:U),B&&E&&(ye=ye<Tl?0:L),Qt(null,!0,!0),
Ht=!1}he=-10,ye=-10,ce.fill(null),Qt(null,!0,!0),y&&(Ht=y)}function bs(s,o,c,u,p,g,w){z._lock||(jt(s),qn(),ri(),s!=null&&Kl(Is,n,he,ye,U,L,null))}function ws(){
$.forEach(Uc),In(n.width,n.height,!0)}ol(Tn,Ol,ws);let Al={};Al.mousedown=ms,Al.mousemove=us,Al.mouseup=gs,Al.dblclick=bs,Al.setSeries=(s,o,c,u)=>{let p=_e.match[2];
c=p(n,o,c),c!=-1&&_t(c,u,!0,!1)},Ve&&(We($s,P,ms),We(hi,P,us),We(Vs,P,s=>{jt(s),Ul(!1)}),We(Ws,P,Kr),We(Is,P,bs),Ai.add(n),n.syncRect=Ul);let mn=n.hooks=t.hooks||
{};function ze(s,o,c){ei?Bl.push([s,o,c]):s in mn&&mn[s].forEach(u=>{u.call(null,n,o,c)})}(t.plugins||[]).forEach(s=>{for(let o in s.hooks)mn[o]=(mn[o]||[]).concat(
s.hooks[o])});let vs=(s,o,c)=>c,_e=Te({key:null,setSeries:!1,filters:{pub:Xs,sub:Xs},scales:[O,k[1]?k[1].scale:null],match:[eo,eo,vs],values:[null,null]},z.sync);
_e.match.length==2&&_e.match.push(vs),z.sync=_e;let ys=_e.key,ai=Zo(ys);function Kl(s,o,c,u,p,g,w){_e.filters.pub(s,o,c,u,p,g,w)&&ai.pub(s,o,c,u,p,g,w)}ai.sub(n);
function jr(s,o,c,u,p,g,w){_e.filters.sub(s,o,c,u,p,g,w)&&Al[s](null,o,c,u,p,g,w)}n.pub=jr;function Jr(){ai.unsub(n),Ai.delete(n),Bt.clear(),ki(Tn,Ol,ws),h.remove(),
re?.remove(),ze("destroy")}n.destroy=Jr;function ci(){ze("init",t,e),Ji(e||t.data,!1),H[O]?ti(O,H[O]):qn(),an=me.show&&(me.width>0||me.height>0),Kt=rt=!0,In(t.width,
t.height)}return k.forEach(Ki),$.forEach(Ar),l?l instanceof HTMLElement?(l.appendChild(h),ci()):l(n,ci):ci(),n}Le.assign=Te;Le.fmtNum=zi;Le.rangeNum=Mn;Le.rangeLog=
Pn;Le.rangeAsinh=Ci;Le.orient=al;Le.pxRatio=oe;Le.join=Ha;Le.fmtDate=Ni,Le.tzDate=ja;Le.sync=Zo;{Le.addGap=Dc,Le.clipGaps=On;let t=Le.paths={points:nr};t.linear=
sr,t.stepped=Rc,t.bars=zc,t.spline=Nc}function Ye(t){return t<1e3?`${Math.round(t)} ms`:`${(t/1e3).toFixed(1)} s`}function cr(t,e){let l=(e-t)/2.2,n=10**Math.floor(Math.log10(l)),i=([1,2,2.5,5].findLast(a=>a*n<=l)??1)*n,r=[];for(let a=Math.ceil(t/i)*i;a<=e;a+=i)r.push(a);return r}var Kc=400,jc=260,ur=4,Jc=["--loopai-s1","--loopai-s2","--loopai-s3","--loopai-s4","--loopai-s5","--loopai-s6"],ln=class{element;legend=S("ul",{class:"legend"});data=null;canvas=S(
"div",{class:"canvas",role:"img"});tip=S("div",{class:"tip",hidden:!0,"aria-hidden":"true"});nothing=S("p",{class:"nothing loopai-quiet",hidden:!0});table=S("di\
v",{class:"numbers",hidden:!0});tableButton;note=S("span",{class:"note loopai-quiet"});sizes=new ResizeObserver(()=>this.resize());themes=new MutationObserver(()=>window.
setTimeout(()=>this.recolour(),Kc));plot=null;drawn="";clicked=0;held=!1;late=!1;constructor(e,l){this.tableButton=Je("Table",()=>this.turn(),{class:"loopai-pla\
in"}),this.tableButton.setAttribute("aria-pressed","false"),this.tableButton.setAttribute("aria-label",`${e} as a table`),this.element=S("figure",{class:`figure\
 ${l}`},S("figcaption",{},S("h4",{},e),this.note,this.tableButton),this.legend,S("div",{class:"stage"},this.canvas,this.tip,this.nothing),this.table),this.sizes.
observe(this.canvas),this.themes.observe(document.body,{attributes:!0,attributeFilter:["data-jp-theme-light","class"]})}show(e){if(this.data=e,this.held){this.late=
!0;return}let l=this.nothingOf(e);this.nothing.textContent=l,this.nothing.hidden=l==="",this.canvas.classList.toggle("bare",l!==""),this.canvas.setAttribute("ar\
ia-label",this.inWords(e)),this.note.textContent=this.noteOf(e),this.draw(),this.fillTable()}close(){this.sizes.disconnect(),this.themes.disconnect(),window.clearTimeout(
this.clicked),this.plot?.destroy(),this.plot=null}drags=!0;colours(){let e=S("span",{hidden:!0});this.canvas.append(e);let l=i=>(e.style.color=`var(${i})`,getComputedStyle(
e).color),n={ink:l("--loopai-quiet"),rule:l("--loopai-line"),paper:l("--loopai-paper"),accent:l("--loopai-accent"),series:Jc.map(l)};return e.remove(),n}get height(){
return this.canvas.clientHeight}draw(){let e=this.canvas.clientWidth;if(this.data===null||e===0)return;let l=this.colours(),{options:n,data:i,shape:r}=this.plotted(
this.data,l),a=JSON.stringify([r,l]);if(this.plot!==null&&a===this.drawn){this.plot.setData(i),(this.plot.width!==e||this.plot.height!==this.height)&&this.plot.
setSize({width:e,height:this.height});return}this.plot?.destroy(),this.drawn=a;let d=n.hooks??{};this.plot=new Le({...n,width:e,height:this.height,legend:{show:!1},
cursor:{x:!0,y:!1,points:{show:!1},drag:{x:this.drags,y:!1,setScale:!1,dist:ur},bind:{dblclick:()=>()=>this.double()}},hooks:{...d,setCursor:[f=>this.point(f)],
setSelect:[f=>this.select(f)],ready:[f=>this.listen(f)]}},i,this.canvas)}listen(e){return e.over.addEventListener("mousedown",()=>{this.held=!0;let l=()=>{this.
held=!1,this.late&&this.data!==null&&(this.late=!1,this.show(this.data))};document.addEventListener("mouseup",()=>window.setTimeout(l),{once:!0})}),e.over.addEventListener(
"click",l=>{window.clearTimeout(this.clicked);let[n,i]=[e.cursor.left??-1,e.cursor.top??-1];if(l.detail>1||n<0)return;let[r,a]=[this.indexAt(e,n),e.posToVal(i,"\
y")];this.clicked=window.setTimeout(()=>{this.data!==null&&r!==null&&this.pressed(this.data,r,a)},jc)}),e.over.addEventListener("mouseleave",()=>{this.tip.hidden=
!0}),null}indexAt(e,l){let n=e.posToVal(l,"x"),r=e.data[0].findLastIndex(a=>a<=n);return r<0?null:r}double(){return window.clearTimeout(this.clicked),this.twice(),
null}select(e){let{left:l,width:n}=e.select;if(n<ur||this.data===null)return;let[i,r]=[e.posToVal(l,"x"),e.posToVal(l+n,"x")];e.setSelect({left:0,top:0,width:0,
height:0},!1),this.held=!1,this.tip.hidden=!0,this.dragged(this.data,i,r)}point(e){let l=e.cursor.left??-1,n=l<0?null:this.indexAt(e,l);if(n===null||this.data===
null){this.tip.hidden=!0;return}let{title:i,lines:r}=this.pointed(this.data,n);this.tip.hidden=i==="",this.tip.replaceChildren(S("b",{},i),...r.map(([f,h,v])=>{
let m=S("i",{"aria-hidden":"true"});return m.style.background=f??"transparent",S("div",{},m,S("span",{},h),S("span",{class:"value"},v))}));let a=this.canvas.clientWidth,
d=l+e.over.offsetLeft>a/2;this.tip.style.insetInlineStart=d?"auto":`${l+e.over.offsetLeft+14}px`,this.tip.style.insetInlineEnd=d?`${a-l-e.over.offsetLeft+14}px`:
"auto"}resize(){let e=this.canvas.clientWidth;e===0||this.plot?.width===e&&this.plot.height===this.height||this.draw()}recolour(){this.plot!==null&&this.draw(),
this.data!==null&&this.show(this.data)}turn(){let e=this.table.hidden;this.table.hidden=!e,this.canvas.parentElement.hidden=e,this.tableButton.setAttribute("ari\
a-pressed",String(e)),this.fillTable()}fillTable(){if(this.table.hidden||this.data===null)return;let{head:e,rows:l}=this.tableOf(this.data),n=l.map(({cells:i,press:r})=>{
let[a="",...d]=i,f=r===void 0?a:Je(a,r,{class:"loopai-link"});return S("tr",{},S("th",{scope:"row"},f),...d.map(h=>S("td",{},h)))});this.table.replaceChildren(S(
"table",{},S("thead",{},S("tr",{},...e.map(i=>S("th",{scope:"col"},i)))),S("tbody",{},...n)))}};var Zc=8,dr=5,mr=11,Qc=5,gr=Le.paths.bars,Fn=class{places=new Map;place(e){if(e===null)return dr;let l=this.places.get(e);if(l!==void 0)return l;let n=new Set(this.
places.values()),i=[0,1,2,3,4].find(r=>!n.has(r))??this.places.size%dr;return this.places.set(e,i),i}};function Vl({since_ms:t,until_ms:e,step_ms:l}){let n=[];for(let i=Math.
floor(t/l)*l;i<e;i+=l)n.push(i);return n}function br(t,e,l,n){let i=new Map(e.map((r,a)=>[r,l[a]]));return t.map(r=>i.get(r)??n)}function Xc(){return`${mr}px ${getComputedStyle(
document.body).fontFamily}`}function Bi(t,e,l){let n={stroke:t.rule,width:1},i={stroke:t.ink,font:Xc()};return[{...i,size:30,gap:4,grid:{show:!1},ticks:{...n,size:4},
...e},{...i,size:52,gap:6,grid:n,ticks:{show:!1},splits:(r,a,d,f)=>cr(d,f),...l}]}function wr(t){return{space:64,values:(e,l)=>As(l,t)}}function vr({since_ms:t,
until_ms:e,step_ms:l}){return[Math.floor(t/l)*l/1e3,e/1e3]}var Nn=class extends ln{constructor(l,n,i){super(l,n);this.state=i}state;dragged(l,n,i){let r=l.step_ms,
a=Math.floor(n*1e3/r)*r,d=Math.ceil(i*1e3/r)*r;this.state.range(a,Math.min(d,Math.max(l.until_ms,a+r)))}twice(){this.state.back()}open(l,n,i){this.state.showRequests(
{},{last:null,since_ms:n,until_ms:n+l.step_ms,...i===null?{}:{model:i}})}noteOf(){return""}},nn=class extends Nn{constructor(l,n,i,r){super(l,"stack",n);this.palette=
i;this.what=r}palette;what;show(l){super.show(l);let n=this.colours(),i=l.series.groups.length===1?this.state.scope.model:null;this.legend.replaceChildren(...l.
series.groups.map(r=>{let a=S("i",{"aria-hidden":"true"});if(a.style.background=n.series[this.palette.place(r.name)],r.name===null)return S("li",{},a,r.shown);let d=Je(
r.shown,()=>this.state.change({model:i===null?r.name:null}),{class:"loopai-link",title:i===null?`Only ${r.shown}`:"All models"});return S("li",{},a,d)}))}plotted(l,n){
let i=Vl(l),r=l.series.groups,a=i.map(()=>0),d=r.map(m=>{let b=br(i,l.series.times_ms,m[this.what],0);return a=a.map((M,P)=>M+b[P]),a}),f=r.map(m=>this.palette.
place(m.name)).reverse(),h=this.what==="requests"?wn:Ms,v=gr({size:[.86,46],align:1,radius:0});return{shape:JSON.stringify([f,l.step_ms]),data:[i.map(m=>m/1e3),
...d.reverse()],options:{padding:[8,8,0,0],scales:{x:{time:!0,range:()=>vr(this.data??l)},y:{range:(m,b,M)=>[0,this.top(M)]}},axes:Bi(n,wr(l.step_ms),{values:(m,b)=>b.
map(h)}),series:[{},...f.map(m=>({fill:n.series[m],stroke:n.paper,width:this.wide(i.length)?1:0,paths:v,points:{show:!1}}))]}}}nothingOf(l){return l.series.groups.
length===0?"Nothing was asked in this time.":this.what==="cost_usd"&&l.series.groups.every(n=>n.cost_usd.every(i=>i===0))?"Nothing was paid in this time, as far\
 as prices are known.":""}inWords(l){let n=l.series.groups.map(r=>`${r.shown} ${this.said(r[this.what].reduce((a,d)=>a+d,0))}`);return`${this.what==="requests"?
"Requests":"Cost"} over time, ${tl(l.since_ms,l.until_ms)}: ${n.join(", ")||"nothing"}`}tableOf(l){let{times_ms:n,groups:i}=l.series;return{head:["time",...i.map(
r=>r.shown)],rows:n.map((r,a)=>({cells:[tl(r,r+l.step_ms),...i.map(d=>this.said(d[this.what][a]))],press:()=>this.open(l,r,null)}))}}pointed(l,n){let i=Vl(l)[n],
r=l.series.times_ms.indexOf(i),a=tl(i,i+l.step_ms);if(r<0)return{title:a,lines:[[null,"nothing",""]]};let d=this.colours(),f=l.series.groups.map(h=>[d.series[this.
palette.place(h.name)],h.shown,h[this.what][r]]).filter(([,,h])=>h>0).reverse().slice(0,Zc);return{title:a,lines:f.map(([h,v,m])=>[h,v,this.said(m)])}}pressed(l,n,i){
let r=Vl(l)[n],a=l.series.times_ms.indexOf(r);if(a<0)return;let d=0,f=l.series.groups.find(h=>i<=(d+=h[this.what][a]));this.open(l,r,f?.name??null)}said(l){return this.
what==="requests"?Pl(l):`${Ts(l)} USD`}top(l){return this.what==="requests"?Math.max(1,l*1.06):Math.max(1e-9,l*1.06)}wide(l){return this.element.clientWidth/Math.
max(1,l)>Qc}},cl=[["p50_ms","p50","--loopai-s1",[]],["p95_ms","p95","--loopai-s2",[6,3]],["p99_ms","p99","--loopai-s4",[2,3]]],pr=[0,1,3],fr=40,Hn=class extends Nn{constructor(e){
super("Latency","percentiles",e),this.legend.append(...cl.map(([,l])=>S("li",{},S("i",{class:`line ${l}`,"aria-hidden":"true"}),l)))}plotted(e,l){let n=Vl(e),{times_ms:i}=e.
latency,r=cl.map(([d])=>br(n,i,e.latency[d],null)),a=e.step_ms/2;return{shape:JSON.stringify([e.step_ms,i.length<fr]),data:[n.map(d=>(d+a)/1e3),...r],options:{padding:[
8,8,0,0],scales:{x:{time:!0,range:()=>vr(this.data??e)},y:{range:(d,f,h)=>[0,Math.max(1,h*1.06)]}},axes:Bi(l,wr(e.step_ms),{values:(d,f)=>f.map(Ye)}),series:[{},
...cl.map(([,d,,f],h)=>{let v=l.series[pr[h]];return{label:d,stroke:v,width:1.75,dash:[...f],spanGaps:!1,points:{show:i.length<fr,size:4,fill:v,stroke:v}}})]}}}nothingOf(e){
return e.latency.times_ms.length===0?"No answer came in this time.":""}inWords(e){let{p50_ms:l,p95_ms:n,p99_ms:i}=e.spread;return l===null||n===null||i===null?"\
Latency over time: no answer":`Latency over time, ${tl(e.since_ms,e.until_ms)}: in all p50 ${Ye(l)}, p95 ${Ye(n)}, p99 ${Ye(i)}`}tableOf(e){return{head:["time",
...cl.map(([,l])=>l)],rows:e.latency.times_ms.map((l,n)=>({cells:[tl(l,l+e.step_ms),...cl.map(([i])=>hr(e.latency[i][n]))],press:()=>this.open(e,l,null)}))}}pointed(e,l){
let i=Vl(e)[l];if(i===void 0)return{title:"",lines:[]};let r=e.latency.times_ms.indexOf(i),a=tl(i,i+e.step_ms);if(r<0)return{title:a,lines:[[null,"no answer",""]]};
let d=this.colours();return{title:a,lines:cl.map(([f,h],v)=>[d.series[pr[v]],h,hr(e.latency[f][r])])}}pressed(e,l){let n=Vl(e)[l];n!==void 0&&e.latency.times_ms.
includes(n)&&this.state.showRequests({order:"latency",descending:!0},{last:null,since_ms:n,until_ms:n+e.step_ms})}};function hr(t){return t==null?"–":Ye(t)}var $n=class extends ln{constructor(l){
super("How long answers take","distribution");this.state=l}state;drags=!1;plotted(l,n){let{from_ms:i,to_ms:r,count:a}=l.spread,d=Math.log10(Math.max(.01,i[0]??1)),
f=Math.log10(r.at(-1)??10),h=(f-d)/Math.max(1,a.length),v=gr({size:[.92,60],align:1,radius:0});return{shape:JSON.stringify([a.length,d,f]),data:[a.map((m,b)=>d+
b*h),a],options:{padding:[18,12,0,0],scales:{x:{time:!1,range:()=>[d,f]},y:{range:(m,b,M)=>[0,Math.max(1,M*1.06)]}},axes:Bi(n,{space:48,splits:m=>eu(d,f,m.width/
64),values:(m,b)=>b.map(M=>Ye(10**M))},{values:(m,b)=>b.map(wn)}),series:[{},{fill:n.series[0],width:0,paths:v,points:{show:!1}}],hooks:{draw:[m=>this.mark(m)]}}}}nothingOf(l){
return l.spread.count.length===0?"No answer came in this time.":""}noteOf(l){return l.spread.count.length===0?"":"logarithmic"}inWords(l){let{p50_ms:n,p95_ms:i,
p99_ms:r}=l.spread;return n===null||i===null||r===null?"Distribution of latencies: no answer":`Distribution of latencies: half of the answers within ${Ye(n)}, 9\
5% within ${Ye(i)}, 99% within ${Ye(r)}`}tableOf(l){let{from_ms:n,to_ms:i,count:r}=l.spread,a=r.map((d,f)=>({cells:[`${Ye(n[f])} – ${Ye(i[f])}`,Pl(d)],press:()=>this.
pressed(l,f)}));return{head:["latency","answers"],rows:a.filter((d,f)=>r[f]>0)}}pointed(l,n){let{from_ms:i,to_ms:r,count:a}=l.spread;return n>=a.length?{title:"",
lines:[]}:{title:`${Ye(i[n])} – ${Ye(r[n])}`,lines:[[null,"answers",Pl(a[n])]]}}pressed(l,n){let{from_ms:i,to_ms:r,count:a}=l.spread;(a[n]??0)!==0&&this.state.
showRequests({min_latency_ms:i[n],max_latency_ms:r[n],order:"latency",descending:!0})}dragged(){}twice(){}mark(l){if(this.data===null)return;let n=this.colours(),
{ctx:i}=l,r=devicePixelRatio,a=-1/0;i.save(),i.font=`${mr*r}px ${getComputedStyle(document.body).fontFamily}`,i.textBaseline="bottom",cl.forEach(([d,f,,h],v)=>{
let m=this.data.spread[d];if(m===null)return;let b=l.valToPos(Math.log10(m),"x",!0);i.strokeStyle=n.ink,i.lineWidth=r,i.setLineDash(h.map(V=>V*r)),i.beginPath(),
i.moveTo(b,l.bbox.top-2*r),i.lineTo(b,l.bbox.top+l.bbox.height),i.stroke(),i.fillStyle=n.ink;let M=`${f} ${Ye(m)}`,P=i.measureText(M).width,C=Math.min(Math.max(
b-P/2,l.bbox.left),l.bbox.left+l.bbox.width-P);(C>a||v===0)&&(i.fillText(M,C,l.bbox.top-3*r),a=C+P+6*r)}),i.restore()}};function eu(t,e,l){for(let n of[[1,2,5],
[1,3],[1]]){let i=[];for(let r=Math.floor(t);r<=e;r+=1)for(let a of n){let d=r+Math.log10(a);d>=t-1e-9&&d<=e+1e-9&&i.push(d)}if(i.length<=l&&i.length>0||n.length===
1)return i}return[]}var zt=class{element;body=S("tbody");nothing=S("p",{class:"nothing loopai-quiet"});table;filled="";constructor(e,l,n,i=""){this.nothing.textContent=n;let r=l.map(
(a,d)=>S("th",{scope:"col",class:d===0?"name":null},a));this.table=S("table",{},S("thead",{},S("tr",{},...r)),this.body),this.element=S("section",{class:`bars ${i}`.
trim(),"aria-label":e},S("h4",{},e),this.nothing,this.table)}show(e){let l=JSON.stringify(e);if(l===this.filled)return;this.filled=l,this.nothing.hidden=e.length>
0,this.table.hidden=e.length===0;let n=this.body.contains(document.activeElement)?document.activeElement.dataset.key:void 0;if(this.body.replaceChildren(...e.map(
i=>tu(i))),n!==void 0)for(let i of this.body.querySelectorAll("[data-key]"))i.dataset.key===n&&i.focus({preventScroll:!0})}};function tu({key:t,shown:e,note:l,cells:n,
share:i,press:r}){let a=S("i",{class:"bar","aria-hidden":"true"});a.style.width=`${Math.max(i>0?1:0,Math.round(i*1e3)/10)}%`;let d=r===null?S("span",{class:"lab\
el"},e):Je(e,r,{class:"loopai-link label",title:"Its requests"});r!==null&&(d.dataset.key=t);let f=S("th",{scope:"row",class:"name"},S("div",{class:"what"},d,l!==
""&&S("span",{class:"loopai-quiet"},l)),a),h=S("tr",{class:r===null?null:"leads"},f,...n.map(v=>S("td",{},v)));return r!==null&&h.addEventListener("click",v=>{v.
target.closest("button")||r()}),h}var Vn=class{constructor(e,l){this.kernel=e;this.state=l;this.charts=[new nn("Requests",l,this.palette,"requests"),new nn("Cost, USD",l,this.palette,"cost_usd"),
new Hn(l),new $n(l)];let n=[this.models,this.templates,this.runs,this.errors,this.slowest,this.dearest];this.element.append(this.said,this.empty,this.tiles,S("d\
iv",{class:"charts"},...this.charts.map(i=>i.element)),S("div",{class:"tables"},...n.map(i=>i.element)))}kernel;state;ready=!0;element=S("div",{class:"overview"});shows=()=>{};tiles=S(
"dl",{class:"tiles"});empty=S("div",{class:"empty",hidden:!0});said=S("p",{class:"said loopai-bad",role:"alert"});palette=new Fn;charts;errors=new zt("Errors",[
"what went wrong","times","share"],"No errors in this time.","bad");models=new zt("Models",["model","requests","cost, USD","p95"],"Nothing in this time.");templates=new zt(
"Templates",["template","requests","cost, USD","p95"],"Nothing in this time.");runs=new zt("Runs",["run","requests","cost, USD","p95"],"Nothing in this time.");slowest=new zt(
"Slowest requests",["prompt","latency"],"Nothing in this time.");dearest=new zt("Dearest requests",["prompt","cost, USD"],"Nothing in this time.");asked=0;update(e){
this.fetch(e)}show(e){if(this.asked+=1,this.said.textContent="",this.element.removeAttribute("aria-busy"),this.shows(e),this.empty.replaceChildren(e.empty,e.example===
""?"":S("pre",{},e.example)),this.empty.hidden=e.empty==="",this.element.classList.toggle("bare",e.empty!==""),this.fillTiles(e.tiles),e.empty===""){for(let l of this.
charts)l.show(e);this.models.show(e.models.map(l=>this.entry(l,l.name===null?null:{model:l.name}))),this.templates.show(e.templates.map(l=>this.entry(l,l.name===
null?null:{template:l.name}))),this.runs.show(e.runs.map(l=>this.entry(l,l.name===null?null:{run:l.name}))),this.errors.show(e.errors.map(l=>{let n=this.state.hasLog&&
l.name!==null?()=>this.state.showRequests({error_kind:l.name}):null;return{...l,key:l.name??"",press:n}})),this.slowest.element.hidden=e.slowest.length===0,this.
dearest.element.hidden=e.dearest.length===0,this.slowest.show(e.slowest.map(l=>this.one(l))),this.dearest.show(e.dearest.map(l=>this.one(l)))}}close(){for(let e of this.
charts)e.close()}async fetch(e){this.asked+=1;let l=this.asked;this.element.setAttribute("aria-busy","true");try{let n=await this.kernel.ask("overview",{scope:e});
l===this.asked&&this.show(n)}catch(n){if(!(n instanceof ll))throw n;if(l!==this.asked)return;this.element.removeAttribute("aria-busy"),this.said.textContent=n.message}}entry(e,l){
return{...e,key:e.name??"",press:l===null?null:()=>this.state.showRequests({},l)}}one({run_id:e,request_no:l,shown:n,note:i,value:r,share:a}){let d=this.state.hasLog?
()=>this.state.showRequests({request:{run_id:e,request_no:l}}):null;return{key:`${e} ${l}`,shown:n,note:i,cells:[r],share:a,press:d}}fillTiles(e){for(;this.tiles.
childElementCount<e.length;){let l=S("span",{class:"change"},S("span",{class:"mark","aria-hidden":"true"}),S("span",{class:"loopai-hidden"}));this.tiles.append(
S("div",{},S("dt"),S("dd",{},S("div",{class:"value"}),S("div",{class:"note"},l,S("span",{class:"more"})))))}e.forEach((l,n)=>{let i=this.tiles.children[n];sn(i.
querySelector("dt"),l.name),sn(i.querySelector(".value"),l.value),sn(i.querySelector(".mark"),l.change),sn(i.querySelector(".loopai-hidden"),l.said),sn(i.querySelector(
".more"),l.note);let r=i.querySelector(".change");r.title=l.said,r.dataset.good=String(l.good??"")})}};function sn(t,e){t.textContent!==e&&(t.textContent=e)}function lu(t){return t.altKey?"":t.ctrlKey||t.metaKey?t.key==="Enter"?"Ctrl+Enter":"":t.key}var nu=new Set(["INPUT","TEXTAREA","SELECT"]);function yr(t,e,l={}){
t.tabIndex=0,t.setAttribute("data-lm-suppress-shortcuts","true"),t.addEventListener("focusin",n=>{n.target.setAttribute("data-lm-suppress-shortcuts","true")}),t.
addEventListener("keydown",n=>{n.stopPropagation();let i=n.target,r=lu(n),a=nu.has(i.tagName);if(i.tagName==="TEXTAREA"&&r==="Enter"||!a&&i.tagName==="BUTTON"&&
(r==="Enter"||r===" "))return;let d=(a?l:e)[r];d===void 0||r===""||(n.preventDefault(),d())})}var iu=12e4,su=1500,ou={overview:"Overview",requests:"Requests",happenings:"Happenings"},Gi=class{kernel;root=S("section",{class:"loopai-panel loopai-dashboard",
"aria-label":"Dashboard"});view=Math.random().toString(36).slice(2,10);heard=S("div",{class:"loopai-hidden",role:"status"});live=S("span",{class:"live loopai-qu\
iet"},S("i",{"aria-hidden":"true"}),"live");tabs=S("div",{class:"tabs",role:"tablist","aria-label":"Dashboard"});buttons=new Map;panes=new Map;sight=new IntersectionObserver(
e=>this.seen(e.at(-1)?.isIntersecting??!1));turned=()=>this.watch();state=null;filters=null;inSight=!1;watched="";missed=!1;renewing=0;quiet=0;constructor({model:e,
el:l}){this.kernel=new yn(e),this.root.append(S("p",{class:"empty"},"Looking at the ledger …")),l.append(this.root),this.kernel.hear("moved",n=>this.moved(n)),
document.addEventListener("visibilitychange",this.turned),yr(this.root,{b:()=>this.state?.back()}),this.open()}close(){this.sight.disconnect(),document.removeEventListener(
"visibilitychange",this.turned),window.clearInterval(this.renewing),window.clearTimeout(this.quiet),this.watched!==""&&this.kernel.ask("leave",{view:this.view}).
catch(()=>{});for(let e of this.panes.values())e.close();this.kernel.close()}async open(){let e;try{e=await this.kernel.ask("open")}catch(r){if(!(r instanceof ll))
throw r;this.root.replaceChildren(S("p",{class:"empty loopai-bad",role:"alert"},r.message));return}let l=new gn(e.scope),n=new Vn(this.kernel,l);this.state=l,this.
filters=new vn(l),n.shows=r=>this.offer(r);let i=Rs(this.kernel,l);this.panes.set("overview",n).set("requests",i).set("happenings",Cs(this.kernel,l)),i.ready&&l.
jumpsBy(r=>i.want?.(r)),this.frame(e),l.listen(r=>this.changed(r)),n.show(e.overview),this.show("overview"),this.renewing=window.setInterval(()=>{this.watched="",
this.watch()},iu),this.sight.observe(this.root)}frame({ledger:e}){let l=[...this.panes].filter(([,n])=>n.ready);for(let[n,i]of l){let r=Je(ou[n]??n,()=>this.state.
open(n),{class:"loopai-tab"});r.setAttribute("role","tab"),r.id=`loopai-${this.view}-${n}`,this.buttons.set(n,r),i.element.setAttribute("role","tabpanel"),i.element.
setAttribute("aria-labelledby",r.id),this.tabs.append(r)}this.tabs.hidden=l.length<2,this.tabs.addEventListener("keydown",n=>this.arrow(n)),this.live.hidden=!0,
this.root.replaceChildren(S("div",{class:"head"},S("h3",{},"Dashboard"),S("span",{class:"where loopai-quiet"},e),this.live,this.tabs),this.filters.element,...l.
map(([,n])=>n.element),this.heard)}arrow(e){let l={ArrowRight:1,ArrowLeft:-1}[e.key];if(l===void 0)return;let n=[...this.buttons.keys()],i=n[(n.indexOf(this.state.
tab)+l+n.length)%n.length];this.state.open(i),this.buttons.get(i).focus(),e.preventDefault()}show(e){for(let[l,n]of this.buttons)n.setAttribute("aria-selected",
String(l===e)),n.tabIndex=l===e?0:-1,this.panes.get(l).element.hidden=l!==e}changed(e){this.filters.update(e),this.show(this.state.tab),this.pane.update(e),this.
watch()}get pane(){return this.panes.get(this.state.tab)}offer(e){this.filters.offer(e.choices),this.filters.element.hidden=e.example!==""}seen(e){this.inSight=
e,this.watch()}watch(){if(this.state===null)return;let e=this.inSight&&document.visibilityState==="visible",l=e?JSON.stringify([this.state.scope,this.state.tab]):
"";if(l===this.watched)return;let n=this.watched===""&&this.missed;this.watched=l,this.missed||=!e;let i={view:this.view,scope:this.state.scope,tab:this.state.tab};
this.kernel.ask(e?"watch":"leave",i).catch(()=>{}),n&&(this.missed=!1,this.pane.update(this.state.scope))}moved({view:e,overview:l}){e!==this.view||this.state===
null||this.watched===""||(l===null?this.pane.moved?.():this.state.tab==="overview"&&this.pane.show(l),this.live.hidden&&(this.heard.textContent="The figures cha\
nge while runs go on."),this.live.hidden=!1,window.clearTimeout(this.quiet),this.quiet=window.setTimeout(()=>{this.live.hidden=!0,this.heard.textContent=""},su))}},
ju={initialize({model:t}){zs({model:t})},render(t){let e=new Gi(t);return()=>e.close()}};export{ju as default};
