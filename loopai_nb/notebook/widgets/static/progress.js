var dr="uplot",hr="u-hz",gr="u-vt",mr="u-title",wr="u-wrap",vr="u-under",br="u-over",yr="u-axis",Qt="u-off",Sr="u-select",xr="u-cursor-x",kr="u-cursor-y",_r="u-\
cursor-pt",Mr="u-legend",Tr="u-live",Er="u-inline",Ar="u-series",Pr="u-marker",lo="u-label",Lr="u-value",Bl="width",Gl="height";var no="bottom",xl="left",Un="right",ci="#000",io=ci+"0",jn="mousemove",oo="mousedown",qn="mouseup",so="mouseenter",ro="mouseleave",ao="dblclick",Cr="resize",Dr="\
scroll",uo="change",un="dppxchange",fi="--",Pl=typeof window<"u",ei=Pl?document:null,_l=Pl?window:null,Rr=Pl?navigator:null,se,on;function ti(){let e=devicePixelRatio;
se!=e&&(se=e,on&&ni(uo,on,ti),on=matchMedia(`(min-resolution: ${se-.001}dppx) and (max-resolution: ${se+.001}dppx)`),Xt(uo,on,ti),_l.dispatchEvent(new CustomEvent(
un)))}function et(e,l){if(l!=null){let i=e.classList;!i.contains(l)&&i.add(l)}}function li(e,l){let i=e.classList;i.contains(l)&&i.remove(l)}function we(e,l,i){
e.style[l]=i+"px"}function mt(e,l,i,n){let s=ei.createElement(e);return l!=null&&et(s,l),i?.insertBefore(s,n),s}function ut(e,l){return mt("div",e,l)}var co=new WeakMap;
function Tt(e,l,i,n,s){let u="translate("+l+"px,"+i+"px)",c=co.get(e);u!=c&&(e.style.transform=u,co.set(e,u),l<0||i<0||l>n||i>s?et(e,Qt):li(e,Qt))}var fo=new WeakMap;
function po(e,l,i){let n=l+i,s=fo.get(e);n!=s&&(fo.set(e,n),e.style.background=l,e.style.borderColor=i)}var ho=new WeakMap;function go(e,l,i,n){let s=l+""+i,u=ho.
get(e);s!=u&&(ho.set(e,s),e.style.height=i+"px",e.style.width=l+"px",e.style.marginLeft=n?-l/2+"px":0,e.style.marginTop=n?-i/2+"px":0)}var pi={passive:!0},zr={...pi,
capture:!0};function Xt(e,l,i,n){l.addEventListener(e,i,n?zr:pi)}function ni(e,l,i,n){l.removeEventListener(e,i,pi)}Pl&&ti();function wt(e,l,i,n){let s;i=i||0,n=
n||l.length-1;let u=n<=2147483647;for(;n-i>1;)s=u?i+n>>1:tt((i+n)/2),l[s]<e?i=s:n=s;return e-l[i]<=l[n]-e?i:n}function Io(e){return(i,n,s)=>{let u=-1,c=-1;for(let p=n;p<=
s;p++)if(e(i[p])){u=p;break}for(let p=s;p>=n;p--)if(e(i[p])){c=p;break}return[u,c]}}var $o=e=>e!=null,Ko=e=>e!=null&&e>0,pn=Io($o),Fr=Io(Ko);function Or(e,l,i,n=0,s=!1){
let u=s?Fr:pn,c=s?Ko:$o;[l,i]=u(e,l,i);let p=e[l],d=e[l];if(l>-1)if(n==1)p=e[l],d=e[i];else if(n==-1)p=e[i],d=e[l];else for(let g=l;g<=i;g++){let b=e[g];c(b)&&(b<
p?p=b:b>d&&(d=b))}return[p??fe,d??-fe]}function dn(e,l,i,n){let s=vo(e),u=vo(l);e==l&&(s==-1?(e*=i,l/=i):(e/=i,l*=i));let c=i==10?Lt:Yo,p=s==1?tt:ct,d=u==1?ct:tt,
g=p(c(Pe(e))),b=d(c(Pe(l))),m=Ml(i,g),w=Ml(i,b);return i==10&&(g<0&&(m=pe(m,-g)),b<0&&(w=pe(w,-b))),n||i==2?(e=m*s,l=w*u):(e=Jo(e,m),l=hn(l,w)),[e,l]}function di(e,l,i,n){
let s=dn(e,l,i,n);return e==0&&(s[0]=0),l==0&&(s[1]=0),s}var hi=.1,mo={mode:3,pad:hi},$l={pad:0,soft:null,mode:0},Hr={min:$l,max:$l};function cn(e,l,i,n){return gn(
i)?wo(e,l,i):($l.pad=i,$l.soft=n?0:null,$l.mode=n?3:0,wo(e,l,Hr))}function ie(e,l){return e??l}function Vr(e,l,i){for(l=ie(l,0),i=ie(i,e.length-1);l<=i;){if(e[l]!=
null)return!0;l++}return!1}function wo(e,l,i){let n=i.min,s=i.max,u=ie(n.pad,0),c=ie(s.pad,0),p=ie(n.hard,-fe),d=ie(s.hard,fe),g=ie(n.soft,fe),b=ie(s.soft,-fe),
m=ie(n.mode,0),w=ie(s.mode,0),C=l-e,L=Lt(C),H=Ke(Pe(e),Pe(l)),W=Lt(H),G=Pe(W-L);(C<1e-24||G>10)&&(C=0,(e==0||l==0)&&(C=1e-24,m==2&&g!=fe&&(u=0),w==2&&b!=-fe&&(c=
0)));let x=C||H||1e3,V=Lt(x),k=Ml(10,tt(V)),q=x*(C==0?e==0?.1:1:u),P=pe(Jo(e-q,k/10),24),J=e>=g&&(m==1||m==3&&P<=g||m==2&&P>=g)?g:fe,Y=Ke(p,P<J&&e>=J?J:vt(J,P)),
X=x*(C==0?l==0?.1:1:c),K=pe(hn(l+X,k/10),24),_=l<=b&&(w==1||w==3&&K>=b||w==2&&K<=b)?b:-fe,j=vt(d,K>_&&l<=_?_:Ke(_,K));return Y==j&&Y==0&&(j=100),[Y,j]}var Nr=new Intl.
NumberFormat(Pl?Rr.language:"en-US"),gi=e=>Nr.format(e),lt=Math,an=lt.PI,Pe=lt.abs,tt=lt.floor,Ae=lt.round,ct=lt.ceil,vt=lt.min,Ke=lt.max,Ml=lt.pow,vo=lt.sign,Lt=lt.
log10,Yo=lt.log2,Wr=(e,l=1)=>lt.sinh(e)*l,Jn=(e,l=1)=>lt.asinh(e/l),fe=1/0;function bo(e){return(Lt((e^e>>31)-(e>>31))|0)+1}function ii(e,l,i){return vt(Ke(e,l),
i)}function Uo(e){return typeof e=="function"}function ee(e){return Uo(e)?e:()=>e}var Br=()=>{},jo=e=>e,qo=(e,l)=>l,Gr=e=>null,yo=e=>!0,So=(e,l)=>e==l,Ir=/\.\d*?(?=9{6,}|0{6,})/gm,
el=e=>{if(Qo(e)||Nt.has(e))return e;let l=`${e}`,i=l.match(Ir);if(i==null)return e;let n=i[0].length-1;if(l.indexOf("e-")!=-1){let[s,u]=l.split("e");return+`${el(
s)}e${u}`}return pe(e,n)};function Jt(e,l){return el(pe(el(e/l))*l)}function hn(e,l){return el(ct(el(e/l))*l)}function Jo(e,l){return el(tt(el(e/l))*l)}function pe(e,l=0){
if(Qo(e))return e;let i=10**l,n=e*i*(1+Number.EPSILON);return Ae(n)/i}var Nt=new Map;function Zo(e){return((""+e).split(".")[1]||"").length}function Yl(e,l,i,n){
let s=[],u=n.map(Zo);for(let c=l;c<i;c++){let p=Pe(c),d=pe(Ml(e,c),p);for(let g=0;g<n.length;g++){let b=e==10?+`${n[g]}e${c}`:n[g]*d,m=(c>=0?0:p)+(c>=u[g]?0:u[g]),
w=e==10?b:pe(b,m);s.push(w),Nt.set(w,m)}}return s}var Kl={},mi=[],Tl=[null,null],Vt=Array.isArray,Qo=Number.isInteger,$r=e=>e===void 0;function xo(e){return typeof e==
"string"}function gn(e){let l=!1;if(e!=null){let i=e.constructor;l=i==null||i==Object}return l}function Kr(e){return e!=null&&typeof e=="object"}var Yr=Object.getPrototypeOf(
Uint8Array),Xo="__proto__";function El(e,l=gn){let i;if(Vt(e)){let n=e.find(s=>s!=null);if(Vt(n)||l(n)){i=Array(e.length);for(let s=0;s<e.length;s++)i[s]=El(e[s],
l)}else i=e.slice()}else if(e instanceof Yr)i=e.slice();else if(l(e)){i={};for(let n in e)n!=Xo&&(i[n]=El(e[n],l))}else i=e;return i}function Me(e){let l=arguments;
for(let i=1;i<l.length;i++){let n=l[i];for(let s in n)s!=Xo&&(gn(e[s])?Me(e[s],El(n[s])):e[s]=El(n[s]))}return e}var Ur=0,jr=1,qr=2;function Jr(e,l,i){for(let n=0,
s,u=-1;n<l.length;n++){let c=l[n];if(c>u){for(s=c-1;s>=0&&e[s]==null;)e[s--]=null;for(s=c+1;s<i&&e[s]==null;)e[u=s++]=null}}}function Zr(e,l){if(ea(e)){let c=e[0].
slice();for(let p=1;p<e.length;p++)c.push(...e[p].slice(1));return ta(c[0])||(c=Xr(c)),c}let i=new Set;for(let c=0;c<e.length;c++){let d=e[c][0],g=d.length;for(let b=0;b<
g;b++)i.add(d[b])}let n=[Array.from(i).sort((c,p)=>c-p)],s=n[0].length,u=new Map;for(let c=0;c<s;c++)u.set(n[0][c],c);for(let c=0;c<e.length;c++){let p=e[c],d=p[0];
for(let g=1;g<p.length;g++){let b=p[g],m=Array(s).fill(void 0),w=l?l[c][g]:jr,C=[];for(let L=0;L<b.length;L++){let H=b[L],W=u.get(d[L]);H===null?w!=Ur&&(m[W]=H,
w==qr&&C.push(W)):m[W]=H}Jr(m,C,s),n.push(m)}}return n}var Qr=typeof queueMicrotask>"u"?e=>Promise.resolve().then(e):queueMicrotask;function Xr(e){let l=e[0],i=l.
length,n=Array(i);for(let u=0;u<n.length;u++)n[u]=u;n.sort((u,c)=>l[u]-l[c]);let s=[];for(let u=0;u<e.length;u++){let c=e[u],p=Array(i);for(let d=0;d<i;d++)p[d]=
c[n[d]];s.push(p)}return s}function ea(e){let l=e[0][0],i=l.length;for(let n=1;n<e.length;n++){let s=e[n][0];if(s.length!=i)return!1;if(s!=l){for(let u=0;u<i;u++)
if(s[u]!=l[u])return!1}}return!0}function ta(e,l=100){let i=e.length;if(i<=1)return!0;let n=0,s=i-1;for(;n<=s&&e[n]==null;)n++;for(;s>=n&&e[s]==null;)s--;if(s<=
n)return!0;let u=Ke(1,tt((s-n+1)/l));for(let c=e[n],p=n+u;p<=s;p+=u){let d=e[p];if(d!=null){if(d<=c)return!1;c=d}}return!0}var es=["January","February","March",
"April","May","June","July","August","September","October","November","December"],ts=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function ls(e){
return e.slice(0,3)}var la=ts.map(ls),na=es.map(ls),ia={MMMM:es,MMM:na,WWWW:ts,WWW:la};function Wl(e){return(e<10?"0":"")+e}function oa(e){return(e<10?"00":e<100?
"0":"")+e}var sa={YYYY:e=>e.getFullYear(),YY:e=>(e.getFullYear()+"").slice(2),MMMM:(e,l)=>l.MMMM[e.getMonth()],MMM:(e,l)=>l.MMM[e.getMonth()],MM:e=>Wl(e.getMonth()+
1),M:e=>e.getMonth()+1,DD:e=>Wl(e.getDate()),D:e=>e.getDate(),WWWW:(e,l)=>l.WWWW[e.getDay()],WWW:(e,l)=>l.WWW[e.getDay()],HH:e=>Wl(e.getHours()),H:e=>e.getHours(),
h:e=>{let l=e.getHours();return l==0?12:l>12?l-12:l},AA:e=>e.getHours()>=12?"PM":"AM",aa:e=>e.getHours()>=12?"pm":"am",a:e=>e.getHours()>=12?"p":"a",mm:e=>Wl(e.
getMinutes()),m:e=>e.getMinutes(),ss:e=>Wl(e.getSeconds()),s:e=>e.getSeconds(),fff:e=>oa(e.getMilliseconds())};function wi(e,l){l=l||ia;let i=[],n=/\{([a-z]+)\}|[^{]+/gi,
s;for(;s=n.exec(e);)i.push(s[0][0]=="{"?sa[s[1]]:s[0]);return u=>{let c="";for(let p=0;p<i.length;p++)c+=typeof i[p]=="string"?i[p]:i[p](u,l);return c}}var ra=new Intl.
DateTimeFormat().resolvedOptions().timeZone;function aa(e,l){let i;return l=="UTC"||l=="Etc/UTC"?i=new Date(+e+e.getTimezoneOffset()*6e4):l==ra?i=e:(i=new Date(
e.toLocaleString("en-US",{timeZone:l})),i.setMilliseconds(e.getMilliseconds())),i}var ns=e=>e%1==0,fn=[1,2,2.5,5],ua=Yl(10,-32,0,fn),is=Yl(10,0,32,fn),ca=is.filter(
ns),Zt=ua.concat(is),vi=`
`,os="{YYYY}",ko=vi+os,ss="{M}/{D}",Il=vi+ss,sn=Il+"/{YY}",rs="{aa}",fa="{h}:{mm}",kl=fa+rs,_o=vi+kl,Mo=":{ss}",ae=null;function as(e){let l=e*1e3,i=l*60,n=i*60,
s=n*24,u=s*30,c=s*365,d=(e==1?Yl(10,0,3,fn).filter(ns):Yl(10,-3,0,fn)).concat([l,l*5,l*10,l*15,l*30,i,i*5,i*10,i*15,i*30,n,n*2,n*3,n*4,n*6,n*8,n*12,s,s*2,s*3,s*
4,s*5,s*6,s*7,s*8,s*9,s*10,s*15,u,u*2,u*3,u*4,u*6,c,c*2,c*5,c*10,c*25,c*50,c*100]),g=[[c,os,ae,ae,ae,ae,ae,ae,1],[s*28,"{MMM}",ko,ae,ae,ae,ae,ae,1],[s,ss,ko,ae,
ae,ae,ae,ae,1],[n,"{h}"+rs,sn,ae,Il,ae,ae,ae,1],[i,kl,sn,ae,Il,ae,ae,ae,1],[l,Mo,sn+" "+kl,ae,Il+" "+kl,ae,_o,ae,1],[e,Mo+".{fff}",sn+" "+kl,ae,Il+" "+kl,ae,_o,
ae,1]];function b(m){return(w,C,L,H,W,G)=>{let x=[],V=W>=c,k=W>=u&&W<c,q=m(L),P=pe(q*e,3),J=Zn(q.getFullYear(),V?0:q.getMonth(),k||V?1:q.getDate()),Y=pe(J*e,3);
if(k||V){let X=k?W/u:0,K=V?W/c:0,_=P==Y?P:pe(Zn(J.getFullYear()+K,J.getMonth()+X,1)*e,3),j=new Date(Ae(_/e)),D=j.getFullYear(),I=j.getMonth();for(let O=0;_<=H;O++){
let te=Zn(D+K*O,I+X*O,1),F=te-m(pe(te*e,3));_=pe((+te+F)*e,3),_<=H&&x.push(_)}}else{let X=W>=s?s:W,K=tt(L)-tt(P),_=Y+K+hn(P-Y,X);x.push(_);let j=m(_),D=j.getHours()+
j.getMinutes()/i+j.getSeconds()/n,I=W/n,O=w.axes[C]._space,te=G/O;for(;_=pe(_+W,e==1?0:3),!(_>H);)if(I>1){let F=tt(pe(D+I,6))%24,le=m(_).getHours()-F;le>1&&(le=
-1),_-=le*n,D=(D+I)%24;let ue=x[x.length-1];pe((_-ue)/W,3)*te>=.7&&x.push(_)}else x.push(_)}return x}}return[d,g,b]}var[pa,da,ha]=as(1),[ga,ma,wa]=as(.001);Yl(2,
-53,53,[1]);function To(e,l){return e.map(i=>i.map((n,s)=>s==0||s==8||n==null?n:l(s==1||i[8]==0?n:i[1]+n)))}function Eo(e,l){return(i,n,s,u,c)=>{let p=l.find(L=>c>=
L[0])||l[l.length-1],d,g,b,m,w,C;return n.map(L=>{let H=e(L),W=H.getFullYear(),G=H.getMonth(),x=H.getDate(),V=H.getHours(),k=H.getMinutes(),q=H.getSeconds(),P=W!=
d&&p[2]||G!=g&&p[3]||x!=b&&p[4]||V!=m&&p[5]||k!=w&&p[6]||q!=C&&p[7]||p[1];return d=W,g=G,b=x,m=V,w=k,C=q,P(H)})}}function va(e,l){let i=wi(l);return(n,s,u,c,p)=>s.
map(d=>i(e(d)))}function Zn(e,l,i){return new Date(e,l,i)}function Ao(e,l){return l(e)}var ba="{YYYY}-{MM}-{DD} {h}:{mm}{aa}";function Po(e,l){return(i,n,s,u)=>u==
null?fi:l(e(n))}function ya(e,l){let i=e.series[l];return i.width?i.stroke(e,l):i.points.width?i.points.stroke(e,l):null}function Sa(e,l){return e.series[l].fill(
e,l)}var xa={show:!0,live:!0,isolate:!1,mount:Br,markers:{show:!0,width:2,stroke:ya,fill:Sa,dash:"solid"},idx:null,idxs:null,values:[]};function ka(e,l){let i=e.
cursor.points,n=ut(),s=i.size(e,l);we(n,Bl,s),we(n,Gl,s);let u=s/-2;we(n,"marginLeft",u),we(n,"marginTop",u);let c=i.width(e,l,s);return c&&we(n,"borderWidth",c),
n}function _a(e,l){let i=e.series[l].points;return i._fill||i._stroke}function Ma(e,l){let i=e.series[l].points;return i._stroke||i._fill}function Ta(e,l){return e.
series[l].points.size}var Qn=[0,0];function Ea(e,l,i){return Qn[0]=l,Qn[1]=i,Qn}function rn(e,l,i,n=!0){return s=>{s.button==0&&(!n||s.target==l)&&i(s)}}function Xn(e,l,i,n=!0){
return s=>{(!n||s.target==l)&&i(s)}}var Aa={show:!0,x:!0,y:!0,lock:!1,move:Ea,points:{one:!1,show:ka,size:Ta,width:0,stroke:Ma,fill:_a},bind:{mousedown:rn,mouseup:rn,
click:rn,dblclick:rn,mousemove:Xn,mouseleave:Xn,mouseenter:Xn},drag:{setScale:!0,x:!0,y:!1,dist:0,uni:null,click:(e,l)=>{l.stopPropagation(),l.stopImmediatePropagation()},
_x:!1,_y:!1},focus:{dist:(e,l,i,n,s)=>n-s,prox:-1,bias:0},hover:{skip:[void 0],prox:null,bias:0},left:-10,top:-10,idx:null,dataIdx:null,idxs:null,event:null},us={
show:!0,stroke:"rgba(0,0,0,0.07)",width:2},bi=Me({},us,{filter:qo}),cs=Me({},bi,{size:10}),fs=Me({},us,{show:!1}),yi='12px system-ui, -apple-system, "Segoe UI",\
 Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Noto Color Emoji"',ps="bold "+yi,ds=1.5,Lo={
show:!0,scale:"x",stroke:ci,space:50,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:ps,side:2,grid:bi,ticks:cs,border:fs,font:yi,lineGap:ds,rotate:0},
Pa="Value",La="Time",Co={show:!0,scale:"x",auto:!1,sorted:1,min:fe,max:-fe,idxs:[]};function Ca(e,l,i,n,s){return l.map(u=>u==null?"":gi(u))}function Da(e,l,i,n,s,u,c){
let p=[],d=Nt.get(s)||0;i=c?i:pe(hn(i,s),d);for(let g=i;g<=n;g=pe(g+s,d))p.push(Object.is(g,-0)?0:g);return p}function oi(e,l,i,n,s,u,c){let p=[],d=e.scales[e.axes[l].
scale].log,g=d==10?Lt:Yo,b=tt(g(i));s=Ml(d,b),d==10&&(s=Zt[wt(s,Zt)]);let m=i,w=s*d;d==10&&(w=Zt[wt(w,Zt)]);do p.push(m),m=m+s,d==10&&!Nt.has(m)&&(m=pe(m,Nt.get(
s))),m>=w&&(s=m,w=s*d,d==10&&(w=Zt[wt(w,Zt)]));while(m<=n);return p}function Ra(e,l,i,n,s,u,c){let d=e.scales[e.axes[l].scale].asinh,g=n>d?oi(e,l,Ke(d,i),n,s):[
d],b=n>=0&&i<=0?[0]:[];return(i<-d?oi(e,l,Ke(d,-n),-i,s):[d]).reverse().map(w=>-w).concat(b,g)}var hs=/./,za=/[12357]/,Fa=/[125]/,Do=/1/,si=(e,l,i,n)=>e.map((s,u)=>l==
4&&s==0||u%n==0&&i.test(s.toExponential()[s<0?1:0])?s:null);function Oa(e,l,i,n,s){let u=e.axes[i],c=u.scale,p=e.scales[c],d=e.valToPos,g=u._space,b=d(10,c),m=d(
9,c)-b>=g?hs:d(7,c)-b>=g?za:d(5,c)-b>=g?Fa:Do;if(m==Do){let w=Pe(d(1,c)-b);if(w<g)return si(l.slice().reverse(),p.distr,m,ct(g/w)).reverse()}return si(l,p.distr,
m,1)}function Ha(e,l,i,n,s){let u=e.axes[i],c=u.scale,p=u._space,d=e.valToPos,g=Pe(d(1,c)-d(2,c));return g<p?si(l.slice().reverse(),3,hs,ct(p/g)).reverse():l}function Va(e,l,i,n){
return n==null?fi:l==null?"":gi(l)}var Ro={show:!0,scale:"y",stroke:ci,space:30,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:ps,side:3,grid:bi,ticks:cs,
border:fs,font:yi,lineGap:ds,rotate:0};function Na(e,l){let i=3+(e||1)*2;return pe(i*l,3)}function Wa(e,l){let{scale:i,idxs:n}=e.series[0],s=e._data[0],u=e.valToPos(
s[n[0]],i,!0),c=e.valToPos(s[n[1]],i,!0),p=Pe(c-u),d=e.series[l],g=p/(d.points.space*se);return n[1]-n[0]<=g}var zo={scale:null,auto:!0,sorted:0,min:fe,max:-fe},
gs=(e,l,i,n,s)=>s,Fo={show:!0,auto:!0,sorted:0,gaps:gs,alpha:1,facets:[Me({},zo,{scale:"x"}),Me({},zo,{scale:"y"})]},Oo={scale:"y",auto:!0,sorted:0,show:!0,spanGaps:!1,
gaps:gs,alpha:1,points:{show:Wa,filter:null},values:null,min:fe,max:-fe,idxs:[],path:null,clip:null};function Ba(e,l,i,n,s){return i/10}var ms={time:!0,auto:!0,
distr:1,log:10,asinh:1,min:null,max:null,dir:1,ori:0},Ga=Me({},ms,{time:!1,ori:1}),Ho={};function ws(e,l){let i=Ho[e];return i||(i={key:e,plots:[],sub(n){i.plots.
push(n)},unsub(n){i.plots=i.plots.filter(s=>s!=n)},pub(n,s,u,c,p,d,g){for(let b=0;b<i.plots.length;b++)i.plots[b]!=s&&i.plots[b].pub(n,s,u,c,p,d,g)}},e!=null&&(Ho[e]=
i)),i}var Al=1,ri=2;function tl(e,l,i){let n=e.mode,s=e.series[l],u=n==2?e._data[l]:e._data,c=e.scales,p=e.bbox,d=u[0],g=n==2?u[1]:u[l],b=n==2?c[s.facets[0].scale]:
c[e.series[0].scale],m=n==2?c[s.facets[1].scale]:c[s.scale],w=p.left,C=p.top,L=p.width,H=p.height,W=e.valToPosH,G=e.valToPosV;return b.ori==0?i(s,d,g,b,m,W,G,w,
C,L,H,wn,Ll,bn,bs,Ss):i(s,d,g,b,m,G,W,C,w,H,L,vn,Cl,ki,ys,xs)}function Si(e,l){let i=0,n=0,s=ie(e.bands,mi);for(let u=0;u<s.length;u++){let c=s[u];c.series[0]==
l?i=c.dir:c.series[1]==l&&(c.dir==1?n|=1:n|=2)}return[i,n==1?-1:n==2?1:n==3?2:0]}function Ia(e,l,i,n,s){let u=e.mode,c=e.series[l],p=u==2?c.facets[1].scale:c.scale,
d=e.scales[p];return s==-1?d.min:s==1?d.max:d.distr==3?d.dir==1?d.min:d.max:0}function Ct(e,l,i,n,s,u){return tl(e,l,(c,p,d,g,b,m,w,C,L,H,W)=>{let G=c.pxRound,x=g.
dir*(g.ori==0?1:-1),V=g.ori==0?Ll:Cl,k,q;x==1?(k=i,q=n):(k=n,q=i);let P=G(m(p[k],g,H,C)),J=G(w(d[k],b,W,L)),Y=G(m(p[q],g,H,C)),X=G(w(u==1?b.max:b.min,b,W,L)),K=new Path2D(
s);return V(K,Y,X),V(K,P,X),V(K,P,J),K})}function mn(e,l,i,n,s,u){let c=null;if(e.length>0){c=new Path2D;let p=l==0?bn:ki,d=i;for(let m=0;m<e.length;m++){let w=e[m];
if(w[1]>w[0]){let C=w[0]-d;C>0&&p(c,d,n,C,n+u),d=w[1]}}let g=i+s-d,b=10;g>0&&p(c,d,n-b/2,g,n+u+b)}return c}function $a(e,l,i){let n=e[e.length-1];n&&n[0]==l?n[1]=
i:e.push([l,i])}function xi(e,l,i,n,s,u,c){let p=[],d=e.length;for(let g=s==1?i:n;g>=i&&g<=n;g+=s)if(l[g]===null){let m=g,w=g;if(s==1)for(;++g<=n&&l[g]===null;)
w=g;else for(;--g>=i&&l[g]===null;)w=g;let C=u(e[m]),L=w==m?C:u(e[w]),H=m-s;C=c<=0&&H>=0&&H<d?u(e[H]):C;let G=w+s;L=c>=0&&G>=0&&G<d?u(e[G]):L,L>=C&&p.push([C,L])}
return p}function Vo(e){return e==0?jo:e==1?Ae:l=>Jt(l,e)}function vs(e){let l=e==0?wn:vn,i=e==0?(s,u,c,p,d,g)=>{s.arcTo(u,c,p,d,g)}:(s,u,c,p,d,g)=>{s.arcTo(c,u,
d,p,g)},n=e==0?(s,u,c,p,d)=>{s.rect(u,c,p,d)}:(s,u,c,p,d)=>{s.rect(c,u,d,p)};return(s,u,c,p,d,g=0,b=0)=>{g==0&&b==0?n(s,u,c,p,d):(g=vt(g,p/2,d/2),b=vt(b,p/2,d/2),
l(s,u+g,c),i(s,u+p,c,u+p,c+d,g),i(s,u+p,c+d,u,c+d,b),i(s,u,c+d,u,c,b),i(s,u,c,u+p,c,g),s.closePath())}}var wn=(e,l,i)=>{e.moveTo(l,i)},vn=(e,l,i)=>{e.moveTo(i,l)},
Ll=(e,l,i)=>{e.lineTo(l,i)},Cl=(e,l,i)=>{e.lineTo(i,l)},bn=vs(0),ki=vs(1),bs=(e,l,i,n,s,u)=>{e.arc(l,i,n,s,u)},ys=(e,l,i,n,s,u)=>{e.arc(i,l,n,s,u)},Ss=(e,l,i,n,s,u,c)=>{
e.bezierCurveTo(l,i,n,s,u,c)},xs=(e,l,i,n,s,u,c)=>{e.bezierCurveTo(i,l,s,n,c,u)};function ks(e){return(l,i,n,s,u)=>tl(l,i,(c,p,d,g,b,m,w,C,L,H,W)=>{let{pxRound:G,
points:x}=c,V,k;g.ori==0?(V=wn,k=bs):(V=vn,k=ys);let q=pe(x.width*se,3),P=(x.size-x.width)/2*se,J=pe(P*2,3),Y=new Path2D,X=new Path2D,{left:K,top:_,width:j,height:D}=l.
bbox;bn(X,K-J,_-J,j+J*2,D+J*2);let I=O=>{if(d[O]!=null){let te=G(m(p[O],g,H,C)),F=G(w(d[O],b,W,L));V(Y,te+P,F),k(Y,te,F,P,0,an*2)}};if(u)u.forEach(I);else for(let O=n;O<=
s;O++)I(O);return{stroke:q>0?Y:null,fill:Y,clip:X,flags:Al|ri}})}function _s(e){return(l,i,n,s,u,c)=>{n!=s&&(u!=n&&c!=n&&e(l,i,n),u!=s&&c!=s&&e(l,i,s),e(l,i,c))}}
var Ka=_s(Ll),Ya=_s(Cl);function Ms(e){let l=ie(e?.alignGaps,0);return(i,n,s,u)=>tl(i,n,(c,p,d,g,b,m,w,C,L,H,W)=>{[s,u]=pn(d,s,u);let G=c.pxRound,x=D=>G(m(D,g,H,
C)),V=D=>G(w(D,b,W,L)),k,q;g.ori==0?(k=Ll,q=Ka):(k=Cl,q=Ya);let P=g.dir*(g.ori==0?1:-1),J={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:Al},Y=J.
stroke,X=!1;if(u-s>=H*4){let D=R=>i.posToVal(R,g.key,!0),I=null,O=null,te,F,Ye,ve=x(p[P==1?s:u]),le=x(p[s]),ue=x(p[u]),Z=D(P==1?le+1:ue-1);for(let R=P==1?s:u;R>=
s&&R<=u;R+=P){let Te=p[R],be=(P==1?Te<Z:Te>Z)?ve:x(Te),re=d[R];be==ve?re!=null?(F=re,I==null?(k(Y,be,V(F)),te=I=O=F):F<I?I=F:F>O&&(O=F)):re===null&&(X=!0):(I!=null&&
q(Y,ve,V(I),V(O),V(te),V(F)),re!=null?(F=re,k(Y,be,V(F)),I=O=te=F):(I=O=null,re===null&&(X=!0)),ve=be,Z=D(ve+P))}I!=null&&I!=O&&Ye!=ve&&q(Y,ve,V(I),V(O),V(te),V(
F))}else for(let D=P==1?s:u;D>=s&&D<=u;D+=P){let I=d[D];I===null?X=!0:I!=null&&k(Y,x(p[D]),V(I))}let[_,j]=Si(i,n);if(c.fill!=null||_!=0){let D=J.fill=new Path2D(
Y),I=c.fillTo(i,n,c.min,c.max,_),O=V(I),te=x(p[s]),F=x(p[u]);P==-1&&([F,te]=[te,F]),k(D,F,O),k(D,te,O)}if(!c.spanGaps){let D=[];X&&D.push(...xi(p,d,s,u,P,x,l)),
J.gaps=D=c.gaps(i,n,s,u,D),J.clip=mn(D,g.ori,C,L,H,W)}return j!=0&&(J.band=j==2?[Ct(i,n,s,u,Y,-1),Ct(i,n,s,u,Y,1)]:Ct(i,n,s,u,Y,j)),J})}function Ua(e){let l=ie(
e.align,1),i=ie(e.ascDesc,!1),n=ie(e.alignGaps,0),s=ie(e.extend,!1);return(u,c,p,d)=>tl(u,c,(g,b,m,w,C,L,H,W,G,x,V)=>{[p,d]=pn(m,p,d);let k=g.pxRound,{left:q,width:P}=u.
bbox,J=le=>k(L(le,w,x,W)),Y=le=>k(H(le,C,V,G)),X=w.ori==0?Ll:Cl,K={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:Al},_=K.stroke,j=w.dir*(w.ori==
0?1:-1),D=Y(m[j==1?p:d]),I=J(b[j==1?p:d]),O=I,te=I;s&&l==-1&&(te=q,X(_,te,D)),X(_,I,D);for(let le=j==1?p:d;le>=p&&le<=d;le+=j){let ue=m[le];if(ue==null)continue;
let Z=J(b[le]),R=Y(ue);l==1?X(_,Z,D):X(_,O,R),X(_,Z,R),D=R,O=Z}let F=O;s&&l==1&&(F=q+P,X(_,F,D));let[Ye,ve]=Si(u,c);if(g.fill!=null||Ye!=0){let le=K.fill=new Path2D(
_),ue=g.fillTo(u,c,g.min,g.max,Ye),Z=Y(ue);X(le,F,Z),X(le,te,Z)}if(!g.spanGaps){let le=[];le.push(...xi(b,m,p,d,j,J,n));let ue=g.width*se/2,Z=i||l==1?ue:-ue,R=i||
l==-1?-ue:ue;le.forEach(Te=>{Te[0]+=Z,Te[1]+=R}),K.gaps=le=g.gaps(u,c,p,d,le),K.clip=mn(le,w.ori,W,G,x,V)}return ve!=0&&(K.band=ve==2?[Ct(u,c,p,d,_,-1),Ct(u,c,p,
d,_,1)]:Ct(u,c,p,d,_,ve)),K})}function No(e,l,i,n,s,u,c=fe){if(e.length>1){let p=null;for(let d=0,g=1/0;d<e.length;d++)if(l[d]!==void 0){if(p!=null){let b=Pe(e[d]-
e[p]);b<g&&(g=b,c=Pe(i(e[d],n,s,u)-i(e[p],n,s,u)))}p=d}}return c}function ja(e){e=e||Kl;let l=ie(e.size,[.6,fe,1]),i=e.align||0,n=e.gap||0,s=e.radius;s=s==null?
[0,0]:typeof s=="number"?[s,0]:s;let u=ee(s),c=1-l[0],p=ie(l[1],fe),d=ie(l[2],1),g=ie(e.disp,Kl),b=ie(e.each,C=>{}),{fill:m,stroke:w}=g;return(C,L,H,W)=>tl(C,L,
(G,x,V,k,q,P,J,Y,X,K,_)=>{let j=G.pxRound,D=i,I=n*se,O=p*se,te=d*se,F,Ye;k.ori==0?[F,Ye]=u(C,L):[Ye,F]=u(C,L);let ve=k.dir*(k.ori==0?1:-1),le=k.ori==0?bn:ki,ue=k.
ori==0?b:(E,de,Ee,sl,Gt,yt,It)=>{b(E,de,Ee,Gt,sl,It,yt)},Z=ie(C.bands,mi).find(E=>E.series[0]==L),R=Z!=null?Z.dir:0,Te=G.fillTo(C,L,G.min,G.max,R),We=j(J(Te,q,_,
X)),be,re,ft,qe=K,Se=j(G.width*se),bt=!1,Et=null,nt=null,Dt=null,nl=null;m!=null&&(Se==0||w!=null)&&(bt=!0,Et=m.values(C,L,H,W),nt=new Map,new Set(Et).forEach(E=>{
E!=null&&nt.set(E,new Path2D)}),Se>0&&(Dt=w.values(C,L,H,W),nl=new Map,new Set(Dt).forEach(E=>{E!=null&&nl.set(E,new Path2D)})));let{x0:il,size:Dl}=g;if(il!=null&&
Dl!=null){D=1,x=il.values(C,L,H,W),il.unit==2&&(x=x.map(Ee=>C.posToVal(Y+Ee*K,k.key,!0)));let E=Dl.values(C,L,H,W);Dl.unit==2?re=E[0]*K:re=P(E[0],k,K,Y)-P(0,k,K,
Y),qe=No(x,V,P,k,K,Y,qe),ft=qe-re+I}else qe=No(x,V,P,k,K,Y,qe),ft=qe*c+I,re=qe-ft;ft<1&&(ft=0),Se>=re/2&&(Se=0),ft<5&&(j=jo);let jl=ft>0,Wt=qe-ft-(jl?Se:0);re=j(
ii(Wt,te,O)),be=(D==0?re/2:D==ve?0:re)-D*ve*((D==0?I/2:0)+(jl?Se/2:0));let Be={stroke:null,fill:null,clip:null,band:null,gaps:null,flags:0},ol=bt?null:new Path2D,
At=null;if(Z!=null)At=C.data[Z.series[1]];else{let{y0:E,y1:de}=g;E!=null&&de!=null&&(V=de.values(C,L,H,W),At=E.values(C,L,H,W))}let Bt=F*re,U=Ye*re;for(let E=ve==
1?H:W;E>=H&&E<=W;E+=ve){let de=V[E];if(de==null)continue;if(At!=null){let Ue=At[E]??0;if(de-Ue==0)continue;We=J(Ue,q,_,X)}let Ee=k.distr!=2||g!=null?x[E]:E,sl=P(
Ee,k,K,Y),Gt=J(ie(de,Te),q,_,X),yt=j(sl-be),It=j(Ke(Gt,We)),Je=j(vt(Gt,We)),it=It-Je;if(de!=null){let Ue=de<0?U:Bt,pt=de<0?Bt:U;bt?(Se>0&&Dt[E]!=null&&le(nl.get(
Dt[E]),yt,Je+tt(Se/2),re,Ke(0,it-Se),Ue,pt),Et[E]!=null&&le(nt.get(Et[E]),yt,Je+tt(Se/2),re,Ke(0,it-Se),Ue,pt)):le(ol,yt,Je+tt(Se/2),re,Ke(0,it-Se),Ue,pt),ue(C,
L,E,yt-Se/2,Je,re+Se,it)}}return Se>0?Be.stroke=bt?nl:ol:bt||(Be._fill=G.width==0?G._fill:G._stroke??G._fill,Be.width=0),Be.fill=bt?nt:ol,Be})}function qa(e,l){
let i=ie(l?.alignGaps,0);return(n,s,u,c)=>tl(n,s,(p,d,g,b,m,w,C,L,H,W,G)=>{[u,c]=pn(g,u,c);let x=p.pxRound,V=F=>x(w(F,b,W,L)),k=F=>x(C(F,m,G,H)),q,P,J;b.ori==0?
(q=wn,J=Ll,P=Ss):(q=vn,J=Cl,P=xs);let Y=b.dir*(b.ori==0?1:-1),X=V(d[Y==1?u:c]),K=X,_=[],j=[];for(let F=Y==1?u:c;F>=u&&F<=c;F+=Y)if(g[F]!=null){let ve=d[F],le=V(
ve);_.push(K=le),j.push(k(g[F]))}let D={stroke:e(_,j,q,J,P,x),fill:null,clip:null,band:null,gaps:null,flags:Al},I=D.stroke,[O,te]=Si(n,s);if(p.fill!=null||O!=0){
let F=D.fill=new Path2D(I),Ye=p.fillTo(n,s,p.min,p.max,O),ve=k(Ye);J(F,K,ve),J(F,X,ve)}if(!p.spanGaps){let F=[];F.push(...xi(d,g,u,c,Y,V,i)),D.gaps=F=p.gaps(n,s,
u,c,F),D.clip=mn(F,b.ori,L,H,W,G)}return te!=0&&(D.band=te==2?[Ct(n,s,u,c,I,-1),Ct(n,s,u,c,I,1)]:Ct(n,s,u,c,I,te)),D})}function Ja(e){return qa(Za,e)}function Za(e,l,i,n,s,u){
let c=e.length;if(c<2)return null;let p=new Path2D;if(i(p,e[0],l[0]),c==2)n(p,e[1],l[1]);else{let d=Array(c),g=Array(c-1),b=Array(c-1),m=Array(c-1);for(let w=0;w<
c-1;w++)b[w]=l[w+1]-l[w],m[w]=e[w+1]-e[w],g[w]=b[w]/m[w];d[0]=g[0];for(let w=1;w<c-1;w++)g[w]===0||g[w-1]===0||g[w-1]>0!=g[w]>0?d[w]=0:(d[w]=3*(m[w-1]+m[w])/((2*
m[w]+m[w-1])/g[w-1]+(m[w]+2*m[w-1])/g[w]),isFinite(d[w])||(d[w]=0));d[c-1]=g[c-2];for(let w=0;w<c-1;w++)s(p,e[w]+m[w]/3,l[w]+d[w]*m[w]/3,e[w+1]-m[w]/3,l[w+1]-d[w+
1]*m[w]/3,e[w+1],l[w+1])}return p}var ai=new Set;function Wo(){for(let e of ai)e.syncRect(!0)}Pl&&(Xt(Cr,_l,Wo),Xt(Dr,_l,Wo,!0),Xt(un,_l,()=>{Ve.pxRatio=se}));var Qa=Ms(),
Xa=ks();function Bo(e,l,i,n){return(n?[e[0],e[1]].concat(e.slice(2)):[e[0]].concat(e.slice(1))).map((u,c)=>ui(u,c,l,i))}function eu(e,l){return e.map((i,n)=>n==
0?{}:Me({},l,i))}function ui(e,l,i,n){return Me({},l==0?i:n,e)}function Ts(e,l,i){return l==null?Tl:[l,i]}var tu=Ts;function lu(e,l,i){return l==null?Tl:cn(l,i,
hi,!0)}function Es(e,l,i,n){return l==null?Tl:dn(l,i,e.scales[n].log,!1)}var nu=Es;function As(e,l,i,n){return l==null?Tl:di(l,i,e.scales[n].log,!1)}var iu=As;function ou(e,l,i,n,s){
let u=Ke(bo(e),bo(l)),c=l-e,p=wt(s/n*c,i);do{let d=i[p],g=n*d/c;if(g>=s&&u+(d<5?Nt.get(d):0)<=17)return[d,g]}while(++p<i.length);return[0,0]}function Go(e){let l,
i;return e=e.replace(/(\d+)px/,(n,s)=>(l=Ae((i=+s)*se))+"px"),[e,l,i]}function su(e){e.show&&[e.font,e.labelFont].forEach(l=>{let i=pe(l[2]*se,1);l[0]=l[0].replace(
/[0-9.]+px/,i+"px"),l[1]=i})}function Ve(e,l,i){let n={mode:ie(e.mode,1)},s=n.mode;function u(t,o,r,a){let f=o.valToPct(t);return a+r*(o.dir==-1?1-f:f)}function c(t,o,r,a){
let f=o.valToPct(t);return a+r*(o.dir==-1?f:1-f)}function p(t,o,r,a){return o.ori==0?u(t,o,r,a):c(t,o,r,a)}n.valToPosH=u,n.valToPosV=c;let d=!1;n.status=0;let g=n.
root=ut(dr);if(e.id!=null&&(g.id=e.id),et(g,e.class),e.title){let t=ut(mr,g);t.textContent=e.title}let b=mt("canvas"),m=n.ctx=b.getContext("2d"),w=ut(wr,g);Xt("\
click",w,t=>{t.target===L&&(he!=wl||ye!=vl)&&He.click(n,t)},!0);let C=n.under=ut(vr,w);w.appendChild(b);let L=n.over=ut(br,w);e=El(e);let H=+ie(e.pxAlign,1),W=Vo(
H);(e.plugins||[]).forEach(t=>{t.opts&&(e=t.opts(n,e)||e)});let G=e.ms||.001,x=n.series=s==1?Bo(e.series||[],Co,Oo,!1):eu(e.series||[null],Fo),V=n.axes=Bo(e.axes||
[],Lo,Ro,!0),k=n.scales={},q=n.bands=e.bands||[];q.forEach(t=>{t.fill=ee(t.fill||null),t.dir=ie(t.dir,-1)});let P=s==2?x[1].facets[0].scale:x[0].scale,J={axes:Qs,
series:Us},Y=(e.drawOrder||["axes","series"]).map(t=>J[t]);function X(t){let o=t.distr==3?r=>Lt(r>0?r:t.clamp(n,r,t.min,t.max,t.key)):t.distr==4?r=>Jn(r,t.asinh):
t.distr==100?r=>t.fwd(r):r=>r;return r=>{let a=o(r),{_min:f,_max:h}=t,v=h-f;return(a-f)/v}}function K(t){let o=k[t];if(o==null){let r=(e.scales||Kl)[t]||Kl;if(r.
from!=null){K(r.from);let a=Me({},k[r.from],r,{key:t});a.valToPct=X(a),k[t]=a}else{o=k[t]=Me({},t==P?ms:Ga,r),o.key=t;let a=o.time,f=o.range,h=Vt(f);if((t!=P||s==
2&&!a)&&(h&&(f[0]==null||f[1]==null)&&(f={min:f[0]==null?mo:{mode:1,hard:f[0],soft:f[0]},max:f[1]==null?mo:{mode:1,hard:f[1],soft:f[1]}},h=!1),!h&&gn(f))){let v=f;
f=(y,S,M)=>S==null?Tl:cn(S,M,v)}o.range=ee(f||(a?tu:t==P?o.distr==3?nu:o.distr==4?iu:Ts:o.distr==3?Es:o.distr==4?As:lu)),o.auto=ee(h?!1:o.auto),o.clamp=ee(o.clamp||
Ba),o._min=o._max=null,o.valToPct=X(o)}}}K("x"),K("y"),s==1&&x.forEach(t=>{K(t.scale)}),V.forEach(t=>{K(t.scale)});for(let t in e.scales)K(t);let _=k[P],j=_.distr,
D,I;_.ori==0?(et(g,hr),D=u,I=c):(et(g,gr),D=c,I=u);let O={};for(let t in k){let o=k[t];(o.min!=null||o.max!=null)&&(O[t]={min:o.min,max:o.max},o.min=o.max=null)}
let te=e.tzDate||(t=>new Date(Ae(t/G))),F=e.fmtDate||wi,Ye=G==1?ha(te):wa(te),ve=Eo(te,To(G==1?da:ma,F)),le=Po(te,Ao(ba,F)),ue=[],Z=n.legend=Me({},xa,e.legend),
R=n.cursor=Me({},Aa,{drag:{y:s==2}},e.cursor),Te=Z.show,We=R.show,be=Z.markers;Z.idxs=ue,be.width=ee(be.width),be.dash=ee(be.dash),be.stroke=ee(be.stroke),be.fill=
ee(be.fill);let re,ft,qe,Se=[],bt=[],Et,nt=!1,Dt={};if(Z.live){let t=x[1]?x[1].values:null;nt=t!=null,Et=nt?t(n,1,0):{_:0};for(let o in Et)Dt[o]=fi}if(Te)if(re=
mt("table",Mr,g),qe=mt("tbody",null,re),Z.mount(n,re),nt){ft=mt("thead",null,re,qe);let t=mt("tr",null,ft);mt("th",null,t);for(var nl in Et)mt("th",lo,t).textContent=
nl}else et(re,Er),Z.live&&et(re,Tr);let il={show:!0},Dl={show:!1};function jl(t,o){if(o==0&&(nt||!Z.live||s==2))return Tl;let r=[],a=mt("tr",Ar,qe,qe.childNodes[o]);
et(a,t.class),t.show||et(a,Qt);let f=mt("th",null,a);if(be.show){let y=ut(Pr,f);if(o>0){let S=be.width(n,o);S&&(y.style.border=S+"px "+be.dash(n,o)+" "+be.stroke(
n,o)),y.style.background=be.fill(n,o)}}let h=ut(lo,f);t.label instanceof HTMLElement?h.appendChild(t.label):h.textContent=t.label,o>0&&(be.show||(h.style.color=
t.width>0?be.stroke(n,o):be.fill(n,o)),Be("click",f,y=>{if(R._lock)return;Kt(y);let S=x.indexOf(t);if((y.ctrlKey||y.metaKey)!=Z.isolate){let M=x.some((T,A)=>A>0&&
A!=S&&T.show);x.forEach((T,A)=>{A>0&&xt(A,M?A==S?il:Dl:il,!0,_e.setSeries)})}else xt(S,{show:!t.show},!0,_e.setSeries)},!1),al&&Be(so,f,y=>{R._lock||(Kt(y),xt(x.
indexOf(t),yl,!0,_e.setSeries))},!1));for(var v in Et){let y=mt("td",Lr,a);y.textContent="--",r.push(y)}return[a,r]}let Wt=new Map;function Be(t,o,r,a=!0){let f=Wt.
get(o)||{},h=R.bind[t](n,o,r,a);h&&(Xt(t,o,f[t]=h),Wt.set(o,f))}function ol(t,o,r){let a=Wt.get(o)||{};for(let f in a)(t==null||f==t)&&(ni(f,o,a[f]),delete a[f]);
t==null&&Wt.delete(o)}let At=0,Bt=0,U=0,E=0,de=0,Ee=0,sl=de,Gt=Ee,yt=U,It=E,Je=0,it=0,Ue=0,pt=0;n.bbox={};let _n=!1,ql=!1,rl=!1,$t=!1,Jl=!1,ot=!1;function Mn(t,o,r){
(r||t!=n.width||o!=n.height)&&Ti(t,o),dl(!1),rl=!0,ql=!0,hl()}function Ti(t,o){n.width=At=U=t,n.height=Bt=E=o,de=Ee=0,Ws(),Bs();let r=n.bbox;Je=r.left=Jt(de*se,
.5),it=r.top=Jt(Ee*se,.5),Ue=r.width=Jt(U*se,.5),pt=r.height=Jt(E*se,.5)}let Hs=3;function Vs(){let t=!1,o=0;for(;!t;){o++;let r=Js(o),a=Zs(o);t=o==Hs||r&&a,t||
(Ti(n.width,n.height),ql=!0)}}function Ns({width:t,height:o}){Mn(t,o)}n.setSize=Ns;function Ws(){let t=!1,o=!1,r=!1,a=!1;V.forEach((f,h)=>{if(f.show&&f._show){let{
side:v,_size:y}=f,S=v%2,M=f.label!=null?f.labelSize:0,T=y+M;T>0&&(S?(U-=T,v==3?(de+=T,a=!0):r=!0):(E-=T,v==0?(Ee+=T,t=!0):o=!0))}}),Yt[0]=t,Yt[1]=r,Yt[2]=o,Yt[3]=
a,U-=Rt[1]+Rt[3],de+=Rt[3],E-=Rt[2]+Rt[0],Ee+=Rt[0]}function Bs(){let t=de+U,o=Ee+E,r=de,a=Ee;function f(h,v){switch(h){case 1:return t+=v,t-v;case 2:return o+=
v,o-v;case 3:return r-=v,r+v;case 0:return a-=v,a+v}}V.forEach((h,v)=>{if(h.show&&h._show){let y=h.side;h._pos=f(y,h._size),h.label!=null&&(h._lpos=f(y,h.labelSize))}})}
if(R.dataIdx==null){let t=R.hover,o=t.skip=new Set(t.skip??[]);o.add(void 0);let r=t.prox=ee(t.prox),a=t.bias??=0;R.dataIdx=(f,h,v,y)=>{if(h==0)return v;let S=v,
M=r(f,h,v,y)??fe,T=M>=0&&M<fe,A=_.ori==0?U:E,$=R.left,oe=l[0],ne=l[h];if(o.has(ne[v])){S=null;let Q=null,B=null,z;if(a==0||a==-1)for(z=v;Q==null&&z-- >0;)o.has(
ne[z])||(Q=z);if(a==0||a==1)for(z=v;B==null&&z++<ne.length;)o.has(ne[z])||(B=z);if(Q!=null||B!=null)if(T){let me=Q==null?-1/0:D(oe[Q],_,A,0),xe=B==null?1/0:D(oe[B],
_,A,0),Fe=$-me,ce=xe-$;Fe<=ce?Fe<=M&&(S=Q):ce<=M&&(S=B)}else S=B==null?Q:Q==null?B:v-Q<=B-v?Q:B}else T&&Pe($-D(oe[v],_,A,0))>M&&(S=null);return S}}let Kt=t=>{R.
event=t};R.idxs=ue,R._lock=!1;let Ne=R.points;Ne.show=ee(Ne.show),Ne.size=ee(Ne.size),Ne.stroke=ee(Ne.stroke),Ne.width=ee(Ne.width),Ne.fill=ee(Ne.fill);let St=n.
focus=Me({},e.focus||{alpha:.3},R.focus),al=St.prox>=0,ul=al&&Ne.one,st=[],cl=[],fl=[];function Ei(t,o){let r=Ne.show(n,o);if(r instanceof HTMLElement)return et(
r,_r),et(r,t.class),Tt(r,-10,-10,U,E),L.insertBefore(r,st[o]),r}function Ai(t,o){if(s==1||o>0){let r=s==1&&k[t.scale].time,a=t.value;t.value=r?xo(a)?Po(te,Ao(a,
F)):a||le:a||Va,t.label=t.label||(r?La:Pa)}if(ul||o>0){t.width=t.width==null?1:t.width,t.paths=t.paths||Qa||Gr,t.fillTo=ee(t.fillTo||Ia),t.pxAlign=+ie(t.pxAlign,
H),t.pxRound=Vo(t.pxAlign),t.stroke=ee(t.stroke||null),t.fill=ee(t.fill||null),t._stroke=t._fill=t._paths=t._focus=null;let r=Na(Ke(1,t.width),1),a=t.points=Me(
{},{size:r,width:Ke(1,r*.2),stroke:t.stroke,space:r*2,paths:Xa,_stroke:null,_fill:null},t.points);a.show=ee(a.show),a.filter=ee(a.filter),a.fill=ee(a.fill),a.stroke=
ee(a.stroke),a.paths=ee(a.paths),a.pxAlign=t.pxAlign}if(Te){let r=jl(t,o);Se.splice(o,0,r[0]),bt.splice(o,0,r[1]),Z.values.push(null)}if(We){ue.splice(o,0,null);
let r=null;ul?o==0&&(r=Ei(t,o)):o>0&&(r=Ei(t,o)),st.splice(o,0,r),cl.splice(o,0,0),fl.splice(o,0,0)}ze("addSeries",o)}function Gs(t,o){o=o??x.length,t=s==1?ui(t,
o,Co,Oo):ui(t,o,{},Fo),x.splice(o,0,t),Ai(x[o],o)}n.addSeries=Gs;function Is(t){if(x.splice(t,1),Te){Z.values.splice(t,1),bt.splice(t,1);let o=Se.splice(t,1)[0];
ol(null,o.firstChild),o.remove()}We&&(ue.splice(t,1),st.splice(t,1)[0].remove(),cl.splice(t,1),fl.splice(t,1)),ze("delSeries",t)}n.delSeries=Is;let Yt=[!1,!1,!1,
!1];function $s(t,o){if(t._show=t.show,t.show){let r=t.side%2,a=k[t.scale];a==null&&(t.scale=r?x[1].scale:P,a=k[t.scale]);let f=a.time;t.size=ee(t.size),t.space=
ee(t.space),t.rotate=ee(t.rotate),Vt(t.incrs)&&t.incrs.forEach(v=>{!Nt.has(v)&&Nt.set(v,Zo(v))}),t.incrs=ee(t.incrs||(a.distr==2?ca:f?G==1?pa:ga:Zt)),t.splits=ee(
t.splits||(f&&a.distr==1?Ye:a.distr==3?oi:a.distr==4?Ra:Da)),t.stroke=ee(t.stroke),t.grid.stroke=ee(t.grid.stroke),t.ticks.stroke=ee(t.ticks.stroke),t.border.stroke=
ee(t.border.stroke);let h=t.values;t.values=Vt(h)&&!Vt(h[0])?ee(h):f?Vt(h)?Eo(te,To(h,F)):xo(h)?va(te,h):h||ve:h||Ca,t.filter=ee(t.filter||(a.distr>=3&&a.log==10?
Oa:a.distr==3&&a.log==2?Ha:qo)),t.font=Go(t.font),t.labelFont=Go(t.labelFont),t._size=t.size(n,null,o,0),t._space=t._rotate=t._incrs=t._found=t._splits=t._values=
null,t._size>0&&(Yt[o]=!0,t._el=ut(yr,w))}}function Rl(t,o,r,a){let[f,h,v,y]=r,S=o%2,M=0;return S==0&&(y||h)&&(M=o==0&&!f||o==2&&!v?Ae(Lo.size/3):0),S==1&&(f||v)&&
(M=o==1&&!h||o==3&&!y?Ae(Ro.size/2):0),M}let Pi=n.padding=(e.padding||[Rl,Rl,Rl,Rl]).map(t=>ee(ie(t,Rl))),Rt=n._padding=Pi.map((t,o)=>t(n,o,Yt,0)),Oe,Le=null,Ce=null,
Zl=s==1?x[0].idxs:null,dt=null,zl=!1;function Li(t,o){if(l=t??[],n.data=n._data=l,s==2){Oe=0;for(let r=1;r<x.length;r++)Oe+=l[r][0].length}else{l.length==0&&(n.
data=n._data=l=[[]]),dt=l[0],Oe=dt.length;let r=l;if(j==2){r=l.slice();let a=r[0]=Array(Oe);for(let f=0;f<Oe;f++)a[f]=f}n._data=l=r}if(dl(!0),ze("setData"),j==2&&
(rl=!0),o!==!1){let r=_;r.auto(n,zl)?Tn():Ft(P,r.min,r.max),$t=$t||R.left>=0,ot=!0,hl()}}n.setData=Li;function Tn(){zl=!0;let t,o;s==1&&(Oe>0?(Le=Zl[0]=0,Ce=Zl[1]=
Oe-1,t=l[0][Le],o=l[0][Ce],j==2?(t=Le,o=Ce):t==o&&(j==3?[t,o]=dn(t,t,_.log,!1):j==4?[t,o]=di(t,t,_.log,!1):_.time?o=t+Ae(86400/G):[t,o]=cn(t,o,hi,!0))):(Le=Zl[0]=
t=null,Ce=Zl[1]=o=null)),Ft(P,t,o)}let Ql,pl,En,An,Pn,Ln,Cn,Dn,Rn,je;function Ci(t,o,r,a,f,h){t??=io,r??=mi,a??="butt",f??=io,h??="round",t!=Ql&&(m.strokeStyle=
Ql=t),f!=pl&&(m.fillStyle=pl=f),o!=En&&(m.lineWidth=En=o),h!=Pn&&(m.lineJoin=Pn=h),a!=Ln&&(m.lineCap=Ln=a),r!=An&&m.setLineDash(An=r)}function Di(t,o,r,a){o!=pl&&
(m.fillStyle=pl=o),t!=Cn&&(m.font=Cn=t),r!=Dn&&(m.textAlign=Dn=r),a!=Rn&&(m.textBaseline=Rn=a)}function zn(t,o,r,a,f=0){if(a.length>0&&t.auto(n,zl)&&(o==null||o.
min==null)){let h=ie(Le,0),v=ie(Ce,a.length-1),y=r.min==null?Or(a,h,v,f,t.distr==3):[r.min,r.max];t.min=vt(t.min,r.min=y[0]),t.max=Ke(t.max,r.max=y[1])}}let Ri={
min:null,max:null};function Ks(){for(let a in k){let f=k[a];O[a]==null&&(f.min==null||O[P]!=null&&f.auto(n,zl))&&(O[a]=Ri)}for(let a in k){let f=k[a];O[a]==null&&
f.from!=null&&O[f.from]!=null&&(O[a]=Ri)}O[P]!=null&&dl(!0);let t={};for(let a in O){let f=O[a];if(f!=null){let h=t[a]=El(k[a],Kr);if(f.min!=null)Me(h,f);else if(a!=
P||s==2)if(Oe==0&&h.from==null){let v=h.range(n,null,null,a);h.min=v[0],h.max=v[1]}else h.min=fe,h.max=-fe}}if(Oe>0){x.forEach((a,f)=>{if(s==1){let h=a.scale,v=O[h];
if(v==null)return;let y=t[h];if(f==0){let S=y.range(n,y.min,y.max,h);y.min=S[0],y.max=S[1],Le=wt(y.min,l[0]),Ce=wt(y.max,l[0]),Ce-Le>1&&(l[0][Le]<y.min&&Le++,l[0][Ce]>
y.max&&Ce--),a.min=dt[Le],a.max=dt[Ce]}else a.show&&a.auto&&zn(y,v,a,l[f],a.sorted);a.idxs[0]=Le,a.idxs[1]=Ce}else if(f>0&&a.show&&a.auto){let[h,v]=a.facets,y=h.
scale,S=v.scale,[M,T]=l[f],A=t[y],$=t[S];A!=null&&zn(A,O[y],h,M,h.sorted),$!=null&&zn($,O[S],v,T,v.sorted),a.min=v.min,a.max=v.max}});for(let a in t){let f=t[a],
h=O[a];if(f.from==null&&(h==null||h.min==null)){let v=f.range(n,f.min==fe?null:f.min,f.max==-fe?null:f.max,a);f.min=v[0],f.max=v[1]}}}for(let a in t){let f=t[a];
if(f.from!=null){let h=t[f.from];if(h.min==null)f.min=f.max=null;else{let v=f.range(n,h.min,h.max,a);f.min=v[0],f.max=v[1]}}}let o={},r=!1;for(let a in t){let f=t[a],
h=k[a];if(h.min!=f.min||h.max!=f.max){h.min=f.min,h.max=f.max;let v=h.distr;h._min=v==3?Lt(h.min):v==4?Jn(h.min,h.asinh):v==100?h.fwd(h.min):h.min,h._max=v==3?Lt(
h.max):v==4?Jn(h.max,h.asinh):v==100?h.fwd(h.max):h.max,o[a]=r=!0}}if(r){x.forEach((a,f)=>{s==2?f>0&&o.y&&(a._paths=null):o[a.scale]&&(a._paths=null)});for(let a in o)
rl=!0,ze("setScale",a);We&&R.left>=0&&($t=ot=!0)}for(let a in O)O[a]=null}function Ys(t){let o=ii(Le-1,0,Oe-1),r=ii(Ce+1,0,Oe-1);for(;t[o]==null&&o>0;)o--;for(;t[r]==
null&&r<Oe-1;)r++;return[o,r]}function Us(){if(Oe>0){let t=x.some(o=>o._focus)&&je!=St.alpha;t&&(m.globalAlpha=je=St.alpha),x.forEach((o,r)=>{if(r>0&&o.show&&(zi(
r,!1),zi(r,!0),o._paths==null)){let a=je;je!=o.alpha&&(m.globalAlpha=je=o.alpha);let f=s==2?[0,l[r][0].length-1]:Ys(l[r]);o._paths=o.paths(n,r,f[0],f[1]),je!=a&&
(m.globalAlpha=je=a)}}),x.forEach((o,r)=>{if(r>0&&o.show){let a=je;je!=o.alpha&&(m.globalAlpha=je=o.alpha),o._paths!=null&&Fi(r,!1);{let f=o._paths!=null?o._paths.
gaps:null,h=o.points.show(n,r,Le,Ce,f),v=o.points.filter(n,r,h,f);(h||v)&&(o.points._paths=o.points.paths(n,r,Le,Ce,v),Fi(r,!0))}je!=a&&(m.globalAlpha=je=a),ze(
"drawSeries",r)}}),t&&(m.globalAlpha=je=1)}}function zi(t,o){let r=o?x[t].points:x[t];r._stroke=r.stroke(n,t),r._fill=r.fill(n,t)}function Fi(t,o){let r=o?x[t].
points:x[t],{stroke:a,fill:f,clip:h,flags:v,_stroke:y=r._stroke,_fill:S=r._fill,_width:M=r.width}=r._paths;M=pe(M*se,3);let T=null,A=M%2/2;o&&S==null&&(S=M>0?"#\
fff":y);let $=r.pxAlign==1&&A>0;if($&&m.translate(A,A),!o){let oe=Je-M/2,ne=it-M/2,Q=Ue+M,B=pt+M;T=new Path2D,T.rect(oe,ne,Q,B)}o?Fn(y,M,r.dash,r.cap,S,a,f,v,h):
js(t,y,M,r.dash,r.cap,S,a,f,v,T,h),$&&m.translate(-A,-A)}function js(t,o,r,a,f,h,v,y,S,M,T){let A=!1;S!=0&&q.forEach(($,oe)=>{if($.series[0]==t){let ne=x[$.series[1]],
Q=l[$.series[1]],B=(ne._paths||Kl).band;Vt(B)&&(B=$.dir==1?B[0]:B[1]);let z,me=null;ne.show&&B&&Vr(Q,Le,Ce)?(me=$.fill(n,oe)||h,z=ne._paths.clip):B=null,Fn(o,r,
a,f,me,v,y,S,M,T,z,B),A=!0}}),A||Fn(o,r,a,f,h,v,y,S,M,T)}let Oi=Al|ri;function Fn(t,o,r,a,f,h,v,y,S,M,T,A){Ci(t,o,r,a,f),(S||M||A)&&(m.save(),S&&m.clip(S),M&&m.
clip(M)),A?(y&Oi)==Oi?(m.clip(A),T&&m.clip(T),en(f,v),Xl(t,h,o)):y&ri?(en(f,v),m.clip(A),Xl(t,h,o)):y&Al&&(m.save(),m.clip(A),T&&m.clip(T),en(f,v),m.restore(),Xl(
t,h,o)):(en(f,v),Xl(t,h,o)),(S||M||A)&&m.restore()}function Xl(t,o,r){r>0&&(o instanceof Map?o.forEach((a,f)=>{m.strokeStyle=Ql=f,m.stroke(a)}):o!=null&&t&&m.stroke(
o))}function en(t,o){o instanceof Map?o.forEach((r,a)=>{m.fillStyle=pl=a,m.fill(r)}):o!=null&&t&&m.fill(o)}function qs(t,o,r,a){let f=V[t],h;if(a<=0)h=[0,0];else{
let v=f._space=f.space(n,t,o,r,a),y=f._incrs=f.incrs(n,t,o,r,a,v);h=ou(o,r,y,a,v)}return f._found=h}function On(t,o,r,a,f,h,v,y,S,M){let T=v%2/2;H==1&&m.translate(
T,T),Ci(y,v,S,M,y),m.beginPath();let A,$,oe,ne,Q=f+(a==0||a==3?-h:h);r==0?($=f,ne=Q):(A=f,oe=Q);for(let B=0;B<t.length;B++)o[B]!=null&&(r==0?A=oe=t[B]:$=ne=t[B],
m.moveTo(A,$),m.lineTo(oe,ne));m.stroke(),H==1&&m.translate(-T,-T)}function Js(t){let o=!0;return V.forEach((r,a)=>{if(!r.show)return;let f=k[r.scale];if(f.min==
null){r._show&&(o=!1,r._show=!1,dl(!1));return}else r._show||(o=!1,r._show=!0,dl(!1));let h=r.side,v=h%2,{min:y,max:S}=f,[M,T]=qs(a,y,S,v==0?U:E);if(T==0)return;
let A=f.distr==2,$=r._splits=r.splits(n,a,y,S,M,T,A),oe=f.distr==2?$.map(z=>dt[z]):$,ne=f.distr==2?dt[$[1]]-dt[$[0]]:M,Q=r._values=r.values(n,r.filter(n,oe,a,T,
ne),a,T,ne);r._rotate=h==2?r.rotate(n,Q,a,T):0;let B=r._size;r._size=ct(r.size(n,Q,a,t)),B!=null&&r._size!=B&&(o=!1)}),o}function Zs(t){let o=!0;return Pi.forEach(
(r,a)=>{let f=r(n,a,Yt,t);f!=Rt[a]&&(o=!1),Rt[a]=f}),o}function Qs(){for(let t=0;t<V.length;t++){let o=V[t];if(!o.show||!o._show)continue;let r=o.side,a=r%2,f,h,
v=o.stroke(n,t),y=r==0||r==3?-1:1,[S,M]=o._found;if(o.label!=null){let Ie=o.labelGap*y,Xe=Ae((o._lpos+Ie)*se);Di(o.labelFont[0],v,"center",r==2?"top":no),m.save(),
a==1?(f=h=0,m.translate(Xe,Ae(it+pt/2)),m.rotate((r==3?-an:an)/2)):(f=Ae(Je+Ue/2),h=Xe);let qt=Uo(o.label)?o.label(n,t,S,M):o.label;m.fillText(qt,f,h),m.restore()}
if(M==0)continue;let T=k[o.scale],A=a==0?Ue:pt,$=a==0?Je:it,oe=o._splits,ne=T.distr==2?oe.map(Ie=>dt[Ie]):oe,Q=T.distr==2?dt[oe[1]]-dt[oe[0]]:S,B=o.ticks,z=o.border,
me=B.show?B.size:0,xe=Ae(me*se),Fe=Ae((o.alignTo==2?o._size-me-o.gap:o.gap)*se),ce=o._rotate*-an/180,ke=W(o._pos*se),Ze=(xe+Fe)*y,Ge=ke+Ze;h=a==0?Ge:0,f=a==1?Ge:
0;let rt=o.font[0],ht=o.align==1?xl:o.align==2?Un:ce>0?xl:ce<0?Un:a==0?"center":r==3?Un:xl,_t=ce||a==1?"middle":r==2?"top":no;Di(rt,v,ht,_t);let Qe=o.font[1]*o.
lineGap,at=oe.map(Ie=>W(p(Ie,T,A,$))),gt=o._values;for(let Ie=0;Ie<gt.length;Ie++){let Xe=gt[Ie];if(Xe!=null){a==0?f=at[Ie]:h=at[Ie],Xe=""+Xe;let qt=Xe.indexOf(
`
`)==-1?[Xe]:Xe.split(/\n/gm);for(let $e=0;$e<qt.length;$e++){let to=qt[$e];ce?(m.save(),m.translate(f,h+$e*Qe),m.rotate(ce),m.fillText(to,0,0),m.restore()):m.fillText(
to,f,h+$e*Qe)}}}B.show&&On(at,B.filter(n,ne,t,M,Q),a,r,ke,xe,pe(B.width*se,3),B.stroke(n,t),B.dash,B.cap);let Mt=o.grid;Mt.show&&On(at,Mt.filter(n,ne,t,M,Q),a,a==
0?2:1,a==0?it:Je,a==0?pt:Ue,pe(Mt.width*se,3),Mt.stroke(n,t),Mt.dash,Mt.cap),z.show&&On([ke],[1],a==0?1:0,a==0?1:2,a==1?it:Je,a==1?pt:Ue,pe(z.width*se,3),z.stroke(
n,t),z.dash,z.cap)}ze("drawAxes")}function dl(t){x.forEach((o,r)=>{r>0&&(o._paths=null,t&&(s==1?(o.min=null,o.max=null):o.facets.forEach(a=>{a.min=null,a.max=null})))})}
let tn=!1,Hn=!1,Fl=[];function Xs(){Hn=!1;for(let t=0;t<Fl.length;t++)ze(...Fl[t]);Fl.length=0}function hl(){tn||(Qr(Hi),tn=!0)}function er(t,o=!1){tn=!0,Hn=o,t(
n),Hi(),o&&Fl.length>0&&queueMicrotask(Xs)}n.batch=er;function Hi(){if(_n&&(Ks(),_n=!1),rl&&(Vs(),rl=!1),ql){if(we(C,xl,de),we(C,"top",Ee),we(C,Bl,U),we(C,Gl,E),
we(L,xl,de),we(L,"top",Ee),we(L,Bl,U),we(L,Gl,E),we(w,Bl,At),we(w,Gl,Bt),b.width=Ae(At*se),b.height=Ae(Bt*se),V.forEach(({_el:t,_show:o,_size:r,_pos:a,side:f})=>{
if(t!=null)if(o){let h=f===3||f===0?r:0,v=f%2==1;we(t,v?"left":"top",a-h),we(t,v?"width":"height",r),we(t,v?"top":"left",v?Ee:de),we(t,v?"height":"width",v?E:U),
li(t,Qt)}else et(t,Qt)}),Ql=pl=En=Pn=Ln=Cn=Dn=Rn=An=null,je=1,Vl(!0),de!=sl||Ee!=Gt||U!=yt||E!=It){dl(!1);let t=U/yt,o=E/It;if(We&&!$t&&R.left>=0){R.left*=t,R.top*=
o,gl&&Tt(gl,Ae(R.left),0,U,E),ml&&Tt(ml,0,Ae(R.top),U,E);for(let r=0;r<st.length;r++){let a=st[r];a!=null&&(cl[r]*=t,fl[r]*=o,Tt(a,ct(cl[r]),ct(fl[r]),U,E))}}if(ge.
show&&!Jl&&ge.left>=0&&ge.width>0){ge.left*=t,ge.width*=t,ge.top*=o,ge.height*=o;for(let r in In)we(bl,r,ge[r])}sl=de,Gt=Ee,yt=U,It=E}ze("setSize"),ql=!1}At>0&&
Bt>0&&(m.clearRect(0,0,b.width,b.height),ze("drawClear"),Y.forEach(t=>t()),ze("draw")),ge.show&&Jl&&(ln(ge),Jl=!1),We&&$t&&(jt(null,!0,!1),$t=!1),Z.show&&Z.live&&
ot&&(Bn(),ot=!1),d||(d=!0,n.status=1,ze("ready")),zl=!1,tn=!1}n.redraw=(t,o)=>{rl=o||!1,t!==!1?Ft(P,_.min,_.max):hl()};function Vn(t,o){let r=k[t];if(r.from==null){
if(Oe==0){let a=r.range(n,o.min,o.max,t);o.min=a[0],o.max=a[1]}if(o.min>o.max){let a=o.min;o.min=o.max,o.max=a}if(Oe>1&&o.min!=null&&o.max!=null&&o.max-o.min<1e-16)
return;t==P&&r.distr==2&&Oe>0&&(o.min=wt(o.min,l[0]),o.max=wt(o.max,l[0]),o.min==o.max&&o.max++),O[t]=o,_n=!0,hl()}}n.setScale=Vn;let Nn,Wn,gl,ml,Vi,Ni,wl,vl,Wi,
Bi,he,ye,zt=!1,He=R.drag,De=He.x,Re=He.y;We&&(R.x&&(Nn=ut(xr,L)),R.y&&(Wn=ut(kr,L)),_.ori==0?(gl=Nn,ml=Wn):(gl=Wn,ml=Nn),he=R.left,ye=R.top);let ge=n.select=Me(
{show:!0,over:!0,left:0,width:0,top:0,height:0},e.select),bl=ge.show?ut(Sr,ge.over?L:C):null;function ln(t,o){if(ge.show){for(let r in t)ge[r]=t[r],r in In&&we(
bl,r,t[r]);o!==!1&&ze("setSelect")}}n.setSelect=ln;function tr(t){if(x[t].show)Te&&li(Se[t],Qt);else if(Te&&et(Se[t],Qt),We){let r=ul?st[0]:st[t];r!=null&&Tt(r,
-10,-10,U,E)}}function Ft(t,o,r){Vn(t,{min:o,max:r})}function xt(t,o,r,a){o.focus!=null&&sr(t),o.show!=null&&x.forEach((f,h)=>{h>0&&(t==h||t==null)&&(f.show=o.show,
tr(h),s==2?(Ft(f.facets[0].scale,null,null),Ft(f.facets[1].scale,null,null)):Ft(f.scale,null,null),hl())}),r!==!1&&ze("setSeries",t,o),a&&Nl("setSeries",n,t,o)}
n.setSeries=xt;function lr(t,o){Me(q[t],o)}function nr(t,o){t.fill=ee(t.fill||null),t.dir=ie(t.dir,-1),o=o??q.length,q.splice(o,0,t)}function ir(t){t==null?q.length=
0:q.splice(t,1)}n.addBand=nr,n.setBand=lr,n.delBand=ir;function or(t,o){x[t].alpha=o,We&&st[t]!=null&&(st[t].style.opacity=o),Te&&Se[t]&&(Se[t].style.opacity=o)}
let Pt,Ot,Ut,yl={focus:!0};function sr(t){if(t!=Ut){let o=t==null,r=St.alpha!=1;x.forEach((a,f)=>{if(s==1||f>0){let h=o||f==0||f==t;a._focus=o?null:h,r&&or(f,h?
1:St.alpha)}}),Ut=t,r&&hl()}}Te&&al&&Be(ro,re,t=>{R._lock||(Kt(t),Ut!=null&&xt(null,yl,!0,_e.setSeries))});function kt(t,o,r){let a=k[o];r&&(t=t/se-(a.ori==1?Ee:
de));let f=U;a.ori==1&&(f=E,t=f-t),a.dir==-1&&(t=f-t);let h=a._min,v=a._max,y=t/f,S=h+(v-h)*y,M=a.distr;return M==3?Ml(10,S):M==4?Wr(S,a.asinh):M==100?a.bwd(S):
S}function rr(t,o){let r=kt(t,P,o);return wt(r,l[0],Le,Ce)}n.valToIdx=t=>wt(t,l[0]),n.posToIdx=rr,n.posToVal=kt,n.valToPos=(t,o,r)=>k[o].ori==0?u(t,k[o],r?Ue:U,
r?Je:0):c(t,k[o],r?pt:E,r?it:0),n.setCursor=(t,o,r)=>{he=t.left,ye=t.top,jt(null,o,r)};function Gi(t,o){we(bl,xl,ge.left=t),we(bl,Bl,ge.width=o)}function Ii(t,o){
we(bl,"top",ge.top=t),we(bl,Gl,ge.height=o)}let Ol=_.ori==0?Gi:Ii,Hl=_.ori==1?Gi:Ii;function ar(){if(Te&&Z.live)for(let t=s==2?1:0;t<x.length;t++){if(t==0&&nt)continue;
let o=Z.values[t],r=0;for(let a in o)bt[t][r++].firstChild.nodeValue=o[a]}}function Bn(t,o){if(t!=null&&(t.idxs?t.idxs.forEach((r,a)=>{ue[a]=r}):$r(t.idx)||ue.fill(
t.idx),Z.idx=ue[0]),Te&&Z.live){for(let r=0;r<x.length;r++)(r>0||s==1&&!nt)&&ur(r,ue[r]);ar()}ot=!1,o!==!1&&ze("setLegend")}n.setLegend=Bn;function ur(t,o){let r=x[t],
a=t==0&&j==2?dt:l[t],f;nt?f=r.values(n,t,o)??Dt:(f=r.value(n,o==null?null:a[o],t,o),f=f==null?Dt:{_:f}),Z.values[t]=f}function jt(t,o,r){Wi=he,Bi=ye,[he,ye]=R.move(
n,he,ye),R.left=he,R.top=ye,We&&(gl&&Tt(gl,Ae(he),0,U,E),ml&&Tt(ml,0,Ae(ye),U,E));let a,f=Le>Ce;Pt=fe,Ot=null;let h=_.ori==0?U:E,v=_.ori==1?U:E;if(he<0||Oe==0||
f){a=R.idx=null;for(let y=0;y<x.length;y++){let S=st[y];S!=null&&Tt(S,-10,-10,U,E)}al&&xt(null,yl,!0,t==null&&_e.setSeries),Z.live&&(ue.fill(a),ot=!0)}else{let y,
S,M;s==1&&(y=_.ori==0?he:ye,S=kt(y,P),a=R.idx=wt(S,l[0],Le,Ce),M=D(l[0][a],_,h,0));let T=-10,A=-10,$=0,oe=0,ne=!0,Q="",B="";for(let z=s==2?1:0;z<x.length;z++){let me=x[z],
xe=ue[z],Fe=xe==null?null:s==1?l[z][xe]:l[z][1][xe],ce=R.dataIdx(n,z,a,S),ke=ce==null?null:s==1?l[z][ce]:l[z][1][ce];if(ot=ot||ke!=Fe||ce!=xe,ue[z]=ce,z>0&&me.show){
let Ze=ce==null?-10:ce==a?M:D(s==1?l[0][ce]:l[z][0][ce],_,h,0),Ge=ke==null?-10:I(ke,s==1?k[me.scale]:k[me.facets[1].scale],v,0);if(al&&ke!=null){let rt=_.ori==1?
he:ye,ht=Pe(St.dist(n,z,ce,Ge,rt));if(ht<Pt){let _t=St.bias;if(_t!=0){let Qe=kt(rt,me.scale),at=ke>=0?1:-1,gt=Qe>=0?1:-1;gt==at&&(gt==1?_t==1?ke>=Qe:ke<=Qe:_t==
1?ke<=Qe:ke>=Qe)&&(Pt=ht,Ot=z)}else Pt=ht,Ot=z}}if(ot||ul){let rt,ht;_.ori==0?(rt=Ze,ht=Ge):(rt=Ge,ht=Ze);let _t,Qe,at,gt,Mt,Ie,Xe=!0,qt=Ne.bbox;if(qt!=null){Xe=
!1;let $e=qt(n,z);at=$e.left,gt=$e.top,_t=$e.width,Qe=$e.height}else at=rt,gt=ht,_t=Qe=Ne.size(n,z);if(Ie=Ne.fill(n,z),Mt=Ne.stroke(n,z),ul)z==Ot&&Pt<=St.prox&&
(T=at,A=gt,$=_t,oe=Qe,ne=Xe,Q=Ie,B=Mt);else{let $e=st[z];$e!=null&&(cl[z]=at,fl[z]=gt,go($e,_t,Qe,Xe),po($e,Ie,Mt),Tt($e,ct(at),ct(gt),U,E))}}}}if(ul){let z=St.
prox,me=Ut==null?Pt<=z:Pt>z||Ot!=Ut;if(ot||me){let xe=st[0];xe!=null&&(cl[0]=T,fl[0]=A,go(xe,$,oe,ne),po(xe,Q,B),Tt(xe,ct(T),ct(A),U,E))}}}if(ge.show&&zt)if(t!=
null){let[y,S]=_e.scales,[M,T]=_e.match,[A,$]=t.cursor.sync.scales,oe=t.cursor.drag;if(De=oe._x,Re=oe._y,De||Re){let{left:ne,top:Q,width:B,height:z}=t.select,me=t.
scales[A].ori,xe=t.posToVal,Fe,ce,ke,Ze,Ge,rt=y!=null&&M(y,A),ht=S!=null&&T(S,$);rt&&De?(me==0?(Fe=ne,ce=B):(Fe=Q,ce=z),ke=k[y],Ze=D(xe(Fe,A),ke,h,0),Ge=D(xe(Fe+
ce,A),ke,h,0),Ol(vt(Ze,Ge),Pe(Ge-Ze))):Ol(0,h),ht&&Re?(me==1?(Fe=ne,ce=B):(Fe=Q,ce=z),ke=k[S],Ze=I(xe(Fe,$),ke,v,0),Ge=I(xe(Fe+ce,$),ke,v,0),Hl(vt(Ze,Ge),Pe(Ge-
Ze))):Hl(0,v)}else $n()}else{let y=Pe(Wi-Vi),S=Pe(Bi-Ni);if(_.ori==1){let $=y;y=S,S=$}De=He.x&&y>=He.dist,Re=He.y&&S>=He.dist;let M=He.uni;M!=null?De&&Re&&(De=y>=
M,Re=S>=M,!De&&!Re&&(S>y?Re=!0:De=!0)):He.x&&He.y&&(De||Re)&&(De=Re=!0);let T,A;De&&(_.ori==0?(T=wl,A=he):(T=vl,A=ye),Ol(vt(T,A),Pe(A-T)),Re||Hl(0,v)),Re&&(_.ori==
1?(T=wl,A=he):(T=vl,A=ye),Hl(vt(T,A),Pe(A-T)),De||Ol(0,h)),!De&&!Re&&(Ol(0,0),Hl(0,0))}if(He._x=De,He._y=Re,t==null){if(r){if(eo!=null){let[y,S]=_e.scales;_e.values[0]=
y!=null?kt(_.ori==0?he:ye,y):null,_e.values[1]=S!=null?kt(_.ori==1?he:ye,S):null}Nl(jn,n,he,ye,U,E,a)}if(al){let y=r&&_e.setSeries,S=St.prox;Ut==null?Pt<=S&&xt(
Ot,yl,!0,y):Pt>S?xt(null,yl,!0,y):Ot!=Ut&&xt(Ot,yl,!0,y)}}ot&&(Z.idx=a,Bn()),o!==!1&&ze("setCursor")}let Ht=null;Object.defineProperty(n,"rect",{get(){return Ht==
null&&Vl(!1),Ht}});function Vl(t=!1){t?Ht=null:(Ht=L.getBoundingClientRect(),ze("syncRect",Ht))}function $i(t,o,r,a,f,h,v){R._lock||zt&&t!=null&&t.movementX==0&&
t.movementY==0||(Gn(t,o,r,a,f,h,v,!1,t!=null),t!=null?jt(null,!0,!0):jt(o,!0,!1))}function Gn(t,o,r,a,f,h,v,y,S){if(Ht==null&&Vl(!1),Kt(t),t!=null)r=t.clientX-Ht.
left,a=t.clientY-Ht.top;else{if(r<0||a<0){he=-10,ye=-10;return}let[M,T]=_e.scales,A=o.cursor.sync,[$,oe]=A.values,[ne,Q]=A.scales,[B,z]=_e.match,me=o.axes[0].side%
2==1,xe=_.ori==0?U:E,Fe=_.ori==1?U:E,ce=me?h:f,ke=me?f:h,Ze=me?a:r,Ge=me?r:a;if(ne!=null?r=B(M,ne)?p($,k[M],xe,0):-10:r=xe*(Ze/ce),Q!=null?a=z(T,Q)?p(oe,k[T],Fe,
0):-10:a=Fe*(Ge/ke),_.ori==1){let rt=r;r=a,a=rt}}S&&(o==null||o.cursor.event.type==jn)&&((r<=1||r>=U-1)&&(r=Jt(r,U)),(a<=1||a>=E-1)&&(a=Jt(a,E))),y?(Vi=r,Ni=a,[
wl,vl]=R.move(n,r,a)):(he=r,ye=a)}let In={width:0,height:0,left:0,top:0};function $n(){ln(In,!1)}let Ki,Yi,Ui,ji;function qi(t,o,r,a,f,h,v){zt=!0,De=Re=He._x=He.
_y=!1,Gn(t,o,r,a,f,h,v,!0,!1),t!=null&&(Be(qn,ei,Ji,!1),Nl(oo,n,wl,vl,U,E,null));let{left:y,top:S,width:M,height:T}=ge;Ki=y,Yi=S,Ui=M,ji=T}function Ji(t,o,r,a,f,h,v){
zt=He._x=He._y=!1,Gn(t,o,r,a,f,h,v,!1,!0);let{left:y,top:S,width:M,height:T}=ge,A=M>0||T>0,$=Ki!=y||Yi!=S||Ui!=M||ji!=T;if(A&&$&&ln(ge),He.setScale&&A&&$){let oe=y,
ne=M,Q=S,B=T;if(_.ori==1&&(oe=S,ne=T,Q=y,B=M),De&&Ft(P,kt(oe,P),kt(oe+ne,P)),Re)for(let z in k){let me=k[z];z!=P&&me.from==null&&me.min!=fe&&Ft(z,kt(Q+B,z),kt(Q,
z))}$n()}else R.lock&&(R._lock=!R._lock,jt(o,!0,t!=null));t!=null&&(ol(qn,ei),Nl(qn,n,he,ye,U,E,null))}function cr(t,o,r,a,f,h,v){if(R._lock)return;Kt(t);let y=zt;
if(zt){let S=!0,M=!0,T=10,A,$;_.ori==0?(A=De,$=Re):(A=Re,$=De),A&&$&&(S=he<=T||he>=U-T,M=ye<=T||ye>=E-T),A&&S&&(he=he<wl?0:U),$&&M&&(ye=ye<vl?0:E),jt(null,!0,!0),
zt=!1}he=-10,ye=-10,ue.fill(null),jt(null,!0,!0),y&&(zt=y)}function Zi(t,o,r,a,f,h,v){R._lock||(Kt(t),Tn(),$n(),t!=null&&Nl(ao,n,he,ye,U,E,null))}function Qi(){
V.forEach(su),Mn(n.width,n.height,!0)}Xt(un,_l,Qi);let Sl={};Sl.mousedown=qi,Sl.mousemove=$i,Sl.mouseup=Ji,Sl.dblclick=Zi,Sl.setSeries=(t,o,r,a)=>{let f=_e.match[2];
r=f(n,o,r),r!=-1&&xt(r,a,!0,!1)},We&&(Be(oo,L,qi),Be(jn,L,$i),Be(so,L,t=>{Kt(t),Vl(!1)}),Be(ro,L,cr),Be(ao,L,Zi),ai.add(n),n.syncRect=Vl);let nn=n.hooks=e.hooks||
{};function ze(t,o,r){Hn?Fl.push([t,o,r]):t in nn&&nn[t].forEach(a=>{a.call(null,n,o,r)})}(e.plugins||[]).forEach(t=>{for(let o in t.hooks)nn[o]=(nn[o]||[]).concat(
t.hooks[o])});let Xi=(t,o,r)=>r,_e=Me({key:null,setSeries:!1,filters:{pub:yo,sub:yo},scales:[P,x[1]?x[1].scale:null],match:[So,So,Xi],values:[null,null]},R.sync);
_e.match.length==2&&_e.match.push(Xi),R.sync=_e;let eo=_e.key,Kn=ws(eo);function Nl(t,o,r,a,f,h,v){_e.filters.pub(t,o,r,a,f,h,v)&&Kn.pub(t,o,r,a,f,h,v)}Kn.sub(n);
function fr(t,o,r,a,f,h,v){_e.filters.sub(t,o,r,a,f,h,v)&&Sl[t](null,o,r,a,f,h,v)}n.pub=fr;function pr(){Kn.unsub(n),ai.delete(n),Wt.clear(),ni(un,_l,Qi),g.remove(),
re?.remove(),ze("destroy")}n.destroy=pr;function Yn(){ze("init",e,l),Li(l||e.data,!1),O[P]?Vn(P,O[P]):Tn(),Jl=ge.show&&(ge.width>0||ge.height>0),$t=ot=!0,Mn(e.width,
e.height)}return x.forEach(Ai),V.forEach($s),i?i instanceof HTMLElement?(i.appendChild(g),Yn()):i(n,Yn):Yn(),n}Ve.assign=Me;Ve.fmtNum=gi;Ve.rangeNum=cn;Ve.rangeLog=
dn;Ve.rangeAsinh=di;Ve.orient=tl;Ve.pxRatio=se;Ve.join=Zr;Ve.fmtDate=wi,Ve.tzDate=aa;Ve.sync=ws;{Ve.addGap=$a,Ve.clipGaps=mn;let e=Ve.paths={points:ks};e.linear=
Ms,e.stepped=Ua,e.bars=ja,e.spline=Ja}function N(e,l={},...i){let n=document.createElement(e);for(let[s,u]of Object.entries(l))u===!1||u===null||u===void 0||n.setAttribute(s,u===!0?"":String(u));return n.
append(...i.filter(s=>!!s||s==="")),n}function _i(e,l,i={}){let n=N("button",{type:"button",class:`loopai-button ${i.class??""}`.trim(),title:i.title??null,"aria-keyshortcuts":i.key??null},e,i.key!==
void 0&&N("kbd",{"aria-hidden":"true"},i.key));return n.addEventListener("click",l),n}function ll(e){return e<1e3?`${Math.round(e)} ms`:`${(e/1e3).toFixed(1)} s`}function yn(e){let l=Math.round(e),i=s=>String(s).padStart(2,"0");if(l<60)return e<10&&
e%1>.05&&e%1<.95?`${e.toFixed(1)} s`:`${l} s`;if(l<3600)return`${Math.floor(l/60)}:${i(l%60)} min`;let n=Math.round(l/60);return`${Math.floor(n/60)}:${i(n%60)} \
h`}function Ps(e,l){let i=(l-e)/2.2,n=10**Math.floor(Math.log10(i)),s=([1,2,2.5,5].findLast(c=>c*n<=i)??1)*n,u=[];for(let c=Math.ceil(e/s)*s;c<=l;c+=s)u.push(c);
return u}var Ds=112,ru=12,au=400,Sn=class{element=N("figure",{class:"loopai-chart",hidden:!0});canvas=N("div",{class:"canvas",role:"img"});table=N("tbody");details=N("de\
tails",{},N("summary",{},"Latency over time as numbers"));sizes;themes;plot=null;course=null;colours="";constructor(){let l=["after","answers/s","p50","p95"].map(
n=>N("th",{scope:"col"},n));this.details.append(N("table",{},N("thead",{},N("tr",{},...l)),this.table)),this.details.addEventListener("toggle",()=>this.fillTable());
let i=N("figcaption",{class:"loopai-quiet"},"Latency ",N("span",{class:"key p50"},N("i",{"aria-hidden":"true"}),"p50"),N("span",{class:"key p95"},N("i",{"aria-h\
idden":"true"}),"p95"));this.element.append(i,this.canvas,this.details),this.sizes=new ResizeObserver(()=>this.resize()),this.sizes.observe(this.canvas),this.themes=
new MutationObserver(()=>window.setTimeout(()=>this.recolour(),au)),this.themes.observe(document.body,{attributes:!0,attributeFilter:["data-jp-theme-light","cla\
ss"]})}show(l){this.course=l;let i=l.p50_ms.filter(n=>n!==null).length;this.element.hidden=i<2,!(i<2)&&(this.canvas.setAttribute("aria-label",uu(l)),this.plot===
null?this.redraw():this.plot.setData(Ls(l)),this.recolour(),this.fillTable())}close(){this.sizes.disconnect(),this.themes.disconnect(),this.plot?.destroy(),this.
plot=null}resize(){let l=this.canvas.clientWidth;l!==0&&(this.plot===null?this.redraw():this.plot.width!==l&&this.plot.setSize({width:l,height:Ds}))}recolour(){
this.plot!==null&&Object.values(Cs(this.canvas)).join()!==this.colours&&this.redraw()}redraw(){let l=this.canvas.clientWidth;if(this.course===null||l===0)return;
this.plot?.destroy();let i=Cs(this.canvas);this.colours=Object.values(i).join(),this.plot=new Ve(cu(l,this.canvas,i),Ls(this.course),this.canvas)}fillTable(){if(!this.
details.open||this.course===null)return;let{at_s:l,per_s:i,p50_ms:n,p95_ms:s}=this.course,u=l.map((d,g)=>g).filter(d=>n[d]!==null),c=Math.ceil(u.length/ru),p=u.
filter((d,g)=>(u.length-1-g)%c===0);this.table.replaceChildren(...p.map(d=>N("tr",{},N("td",{},yn(l[d])),N("td",{},i[d].toFixed(1)),N("td",{},ll(n[d])),N("td",{},
ll(s[d])))))}};function Ls({at_s:e,p50_ms:l,p95_ms:i}){return[e,l,i]}function uu({at_s:e,p50_ms:l,p95_ms:i}){let n=l.findLastIndex(u=>u!==null),s=Math.max(...i.
map(u=>u??0));return`Latency over ${yn(e.at(-1)??0)}: lately p50 ${ll(l[n])}, p95 ${ll(i[n])}; at most ${ll(s)}`}function cu(e,l,{ink:i,rule:n,p50:s,p95:u}){let c=`\
11px ${getComputedStyle(l).fontFamily}`,p={stroke:n,width:1},d={width:1.75,spanGaps:!0,points:{show:!1}};return{width:e,height:Ds,padding:[8,14,0,0],legend:{show:!1},
cursor:{show:!1},select:{show:!1,left:0,top:0,width:0,height:0},scales:{x:{time:!1,range:(g,b,m)=>[0,m]},y:{range:(g,b,m)=>[0,Math.max(1,m*1.08)]}},axes:[{stroke:i,
font:c,size:24,gap:4,grid:{show:!1},ticks:{...p,size:4},space:70,values:(g,b)=>b.map(yn)},{stroke:i,font:c,size:62,gap:6,grid:p,ticks:{show:!1},splits:(g,b,m,w)=>Ps(
m,w),values:(g,b)=>b.map(ll)}],series:[{},{...d,label:"p50",stroke:s},{...d,label:"p95",stroke:u,dash:[5,3]}]}}function Cs(e){let l=N("span",{hidden:!0});e.append(
l);let i=s=>(l.style.color=`var(${s})`,getComputedStyle(l).color),n={ink:i("--loopai-quiet"),rule:i("--loopai-line"),p50:i("--loopai-accent"),p95:i("--loopai-wa\
rn")};return l.remove(),n}var Ul=class extends Error{},xn=class{constructor(l){this.model=l;l.on("msg:custom",this.receive)}model;waiting=new Map;heard=new Map;name=Math.random().toString(
36).slice(2,10);asked=0;ask(l,i={}){let n=`${this.name}-${this.asked+=1}`;return new Promise((s,u)=>{this.waiting.set(n,{resolve:s,reject:u}),this.model.send({...i,
id:n,kind:l})})}hear(l,i){this.heard.set(l,i)}close(){this.model.off("msg:custom",this.receive),this.waiting.clear()}receive=l=>{let i=l;if(i.push!==void 0){this.
heard.get(i.push)?.(i.data);return}let n=i.id===void 0?void 0:this.waiting.get(i.id);i.id===void 0||n===void 0||(this.waiting.delete(i.id),i.error===void 0?n.resolve(
i.ok):n.reject(new Ul(i.error)))}};function Rs(e){e.model.send({kind:"hello"})}function fu(e){return e.altKey?"":e.ctrlKey||e.metaKey?e.key==="Enter"?"Ctrl+Enter":"":e.key}var pu=new Set(["INPUT","TEXTAREA","SELECT"]);function zs(e,l,i={}){
e.tabIndex=0,e.setAttribute("data-lm-suppress-shortcuts","true"),e.addEventListener("focusin",n=>{n.target.setAttribute("data-lm-suppress-shortcuts","true")}),e.
addEventListener("keydown",n=>{n.stopPropagation();let s=n.target,u=fu(n),c=pu.has(s.tagName);if(s.tagName==="TEXTAREA"&&u==="Enter"||!c&&s.tagName==="BUTTON"&&
(u==="Enter"||u===" "))return;let p=(c?i:l)[u];p===void 0||u===""||(n.preventDefault(),p())})}var Fs=[["cached","from the ledger"],["answered","answered"],["failed","failed"],["in_flight","in flight"],["to_go","to go"]],Os=25,Mi=class{kernel;root=N("sect\
ion",{class:"loopai-panel loopai-progress","aria-label":"Run that is being carried out"});title=N("h3");what=N("span",{class:"what loopai-quiet"});state=N("span",
{class:"state"});bar=N("div",{class:"bar",role:"progressbar","aria-valuemin":0,"aria-valuemax":100,"aria-label":"Requests that are done"});legend=N("ul",{class:"\
legend"});figures=N("dl",{class:"figures"});server=N("p",{class:"server"});warnings=N("ul",{class:"warnings",role:"alert"});said=N("div",{class:"said loopai-bad",
role:"alert"});heard=N("div",{class:"loopai-hidden",role:"status"});pauseButton=_i("Pause",()=>{this.turn()},{class:"loopai-main",key:"p"});cancelButton=_i("Can\
cel",()=>{this.cancel()},{key:"c",title:"what is answered is kept, and the run can be resumed"});chart=new Sn;fills=new Map;counts=new Map;shown=null;told="";busy=!1;constructor({
model:l,el:i}){this.kernel=new xn(l),this.root.append(N("p",{class:"said"},"Looking at the run …")),i.append(this.root),this.kernel.hear("progress",n=>this.fill(
n)),this.kernel.hear("chart",n=>this.chart.show(n)),zs(this.root,{p:()=>{this.turn()},c:()=>{this.cancel()}}),this.open()}close(){this.chart.close(),this.kernel.
close()}async open(){let{run:l,what:i,progress:n,chart:s}=await this.kernel.ask("open");this.title.textContent=`Run ${l}`,this.what.textContent=i,this.root.setAttribute(
"aria-label",`Run ${l}`);for(let[u,c]of Fs)this.addPart(u,c);this.root.replaceChildren(N("div",{class:"head"},this.title,this.what,this.state),N("div",{class:"h\
ow-far"},this.bar,this.legend),this.figures,this.chart.element,this.warnings,N("div",{class:"foot"},this.pauseButton,this.cancelButton,this.server),this.said,this.
heard),this.fill(this.shown??n),this.chart.show(s)}addPart(l,i){let n=N("b");if(this.counts.set(l,n),this.legend.append(N("li",{class:`part ${l}`},N("i",{"aria-\
hidden":"true"}),n,i)),l==="to_go")return;let s=N("div",{class:`part ${l}`});this.fills.set(l,s),this.bar.append(s)}fill(l){let i=this.shown;if(this.shown=l,this.
fills.size===0)return;let{parts:n,total:s,state:u,percent:c}=l;for(let[p]of Fs){let d=n[p];this.counts.get(p).textContent=d.toLocaleString("en"),this.counts.get(
p).parentElement.hidden=d===0&&p!=="answered";let g=this.fills.get(p);g!==void 0&&(g.style.flexGrow=String(s===0?0:d/s))}this.bar.setAttribute("aria-valuenow",String(
c)),this.bar.setAttribute("aria-valuetext",`${c}%, ${l.says}`),this.root.dataset.state=u,this.state.textContent=l.says,this.server.textContent=l.server,this.fillFigures(
l.figures),(i===null||i.warnings.length!==l.warnings.length||this.warnings.childElementCount===0)&&(this.warnings.replaceChildren(...l.warnings.map(p=>N("li",{},
p))),this.warnings.hidden=l.warnings.length===0),this.tellButtons(),this.tell(l)}fillFigures(l){for(;this.figures.childElementCount<l.length;){let i=N("div",{class:"\
meter",role:"meter","aria-label":"spent of the budget","aria-valuemin":0,"aria-valuemax":100},N("div"));this.figures.append(N("div",{},N("dt"),N("dd",{},N("div",
{class:"value"}),i,N("div",{class:"note"}))))}l.forEach((i,n)=>{let s=this.figures.children[n];kn(s.querySelector("dt"),i.name),kn(s.querySelector(".value"),i.value),
kn(s.querySelector(".note"),i.note);let u=s.querySelector(".meter");u.hidden=i.used===null;let c=Math.round(Math.min(1,i.used??0)*100);u.setAttribute("aria-valu\
enow",String(c)),u.classList.toggle("near",(i.used??0)>=.8),u.firstElementChild.style.width=`${c}%`})}tellButtons(){let l=this.shown?.state??"running";kn(this.pauseButton.
firstChild,l==="paused"?"Go on":"Pause"),this.pauseButton.disabled=this.busy||l==="ending",this.cancelButton.disabled=l==="ending"}tell({state:l,says:i,percent:n}){
let s=Math.floor(n/Os)*Os,u=`${l} ${s}`;u!==this.told&&(this.told=u,this.heard.textContent=`${i}, ${s}% done`)}async turn(){this.pauseButton.disabled||this.shown===
null||await this.during(this.shown.state==="paused"?"go_on":"pause")}async cancel(){this.cancelButton.disabled||(this.shown!==null&&this.fill({...this.shown,state:"\
ending",says:"Stopping; what is answered is kept"}),await this.during("cancel"))}async during(l){this.busy=!0,this.said.textContent="",this.tellButtons();try{await this.
kernel.ask(l)}catch(i){if(!(i instanceof Ul))throw i;this.said.textContent=i.message}finally{this.busy=!1,this.tellButtons()}}};function kn(e,l){e.textContent!==
l&&(e.textContent=l)}var Du={initialize({model:e}){Rs({model:e})},render(e){let l=new Mi(e);return()=>l.close()}};export{Du as default};
