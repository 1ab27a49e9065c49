var hr="uplot",gr="u-hz",mr="u-vt",wr="u-title",vr="u-wrap",br="u-under",yr="u-over",Sr="u-axis",Qt="u-off",xr="u-select",kr="u-cursor-x",_r="u-cursor-y",Mr="u-\
cursor-pt",Tr="u-legend",Er="u-live",Ar="u-inline",Pr="u-series",Lr="u-marker",no="u-label",Cr="u-value",Gl="width",Bl="height";var io="bottom",xl="left",Un="right",ci="#000",oo=ci+"0",jn="mousemove",so="mousedown",qn="mouseup",ro="mouseenter",ao="mouseleave",uo="dblclick",Dr="resize",Rr="\
scroll",co="change",un="dppxchange",fi="--",Pl=typeof window<"u",ei=Pl?document:null,_l=Pl?window:null,zr=Pl?navigator:null,se,on;function ti(){let e=devicePixelRatio;
se!=e&&(se=e,on&&ni(co,on,ti),on=matchMedia(`(min-resolution: ${se-.001}dppx) and (max-resolution: ${se+.001}dppx)`),Xt(co,on,ti),_l.dispatchEvent(new CustomEvent(
un)))}function et(e,t){if(t!=null){let i=e.classList;!i.contains(t)&&i.add(t)}}function li(e,t){let i=e.classList;i.contains(t)&&i.remove(t)}function we(e,t,i){
e.style[t]=i+"px"}function mt(e,t,i,n){let s=ei.createElement(e);return t!=null&&et(s,t),i?.insertBefore(s,n),s}function ut(e,t){return mt("div",e,t)}var fo=new WeakMap;
function Tt(e,t,i,n,s){let u="translate("+t+"px,"+i+"px)",c=fo.get(e);u!=c&&(e.style.transform=u,fo.set(e,u),t<0||i<0||t>n||i>s?et(e,Qt):li(e,Qt))}var po=new WeakMap;
function ho(e,t,i){let n=t+i,s=po.get(e);n!=s&&(po.set(e,n),e.style.background=t,e.style.borderColor=i)}var go=new WeakMap;function mo(e,t,i,n){let s=t+""+i,u=go.
get(e);s!=u&&(go.set(e,s),e.style.height=i+"px",e.style.width=t+"px",e.style.marginLeft=n?-t/2+"px":0,e.style.marginTop=n?-i/2+"px":0)}var pi={passive:!0},Fr={...pi,
capture:!0};function Xt(e,t,i,n){t.addEventListener(e,i,n?Fr:pi)}function ni(e,t,i,n){t.removeEventListener(e,i,pi)}Pl&&ti();function wt(e,t,i,n){let s;i=i||0,n=
n||t.length-1;let u=n<=2147483647;for(;n-i>1;)s=u?i+n>>1:tt((i+n)/2),t[s]<e?i=s:n=s;return e-t[i]<=t[n]-e?i:n}function $o(e){return(i,n,s)=>{let u=-1,c=-1;for(let p=n;p<=
s;p++)if(e(i[p])){u=p;break}for(let p=s;p>=n;p--)if(e(i[p])){c=p;break}return[u,c]}}var Ko=e=>e!=null,Yo=e=>e!=null&&e>0,pn=$o(Ko),Or=$o(Yo);function Hr(e,t,i,n=0,s=!1){
let u=s?Or:pn,c=s?Yo:Ko;[t,i]=u(e,t,i);let p=e[t],d=e[t];if(t>-1)if(n==1)p=e[t],d=e[i];else if(n==-1)p=e[i],d=e[t];else for(let h=t;h<=i;h++){let b=e[h];c(b)&&(b<
p?p=b:b>d&&(d=b))}return[p??fe,d??-fe]}function dn(e,t,i,n){let s=bo(e),u=bo(t);e==t&&(s==-1?(e*=i,t/=i):(e/=i,t*=i));let c=i==10?Lt:Uo,p=s==1?tt:ct,d=u==1?ct:tt,
h=p(c(Pe(e))),b=d(c(Pe(t))),m=Ml(i,h),w=Ml(i,b);return i==10&&(h<0&&(m=pe(m,-h)),b<0&&(w=pe(w,-b))),n||i==2?(e=m*s,t=w*u):(e=Zo(e,m),t=hn(t,w)),[e,t]}function di(e,t,i,n){
let s=dn(e,t,i,n);return e==0&&(s[0]=0),t==0&&(s[1]=0),s}var hi=.1,wo={mode:3,pad:hi},$l={pad:0,soft:null,mode:0},Vr={min:$l,max:$l};function cn(e,t,i,n){return gn(
i)?vo(e,t,i):($l.pad=i,$l.soft=n?0:null,$l.mode=n?3:0,vo(e,t,Vr))}function ie(e,t){return e??t}function Nr(e,t,i){for(t=ie(t,0),i=ie(i,e.length-1);t<=i;){if(e[t]!=
null)return!0;t++}return!1}function vo(e,t,i){let n=i.min,s=i.max,u=ie(n.pad,0),c=ie(s.pad,0),p=ie(n.hard,-fe),d=ie(s.hard,fe),h=ie(n.soft,fe),b=ie(s.soft,-fe),
m=ie(n.mode,0),w=ie(s.mode,0),C=t-e,L=Lt(C),H=Ke(Pe(e),Pe(t)),W=Lt(H),B=Pe(W-L);(C<1e-24||B>10)&&(C=0,(e==0||t==0)&&(C=1e-24,m==2&&h!=fe&&(u=0),w==2&&b!=-fe&&(c=
0)));let x=C||H||1e3,V=Lt(x),k=Ml(10,tt(V)),q=x*(C==0?e==0?.1:1:u),P=pe(Zo(e-q,k/10),24),J=e>=h&&(m==1||m==3&&P<=h||m==2&&P>=h)?h:fe,Y=Ke(p,P<J&&e>=J?J:vt(J,P)),
X=x*(C==0?t==0?.1:1:c),K=pe(hn(t+X,k/10),24),_=t<=b&&(w==1||w==3&&K>=b||w==2&&K<=b)?b:-fe,j=vt(d,K>_&&t<=_?_:Ke(_,K));return Y==j&&Y==0&&(j=100),[Y,j]}var Wr=new Intl.
NumberFormat(Pl?zr.language:"en-US"),gi=e=>Wr.format(e),lt=Math,an=lt.PI,Pe=lt.abs,tt=lt.floor,Ae=lt.round,ct=lt.ceil,vt=lt.min,Ke=lt.max,Ml=lt.pow,bo=lt.sign,Lt=lt.
log10,Uo=lt.log2,Gr=(e,t=1)=>lt.sinh(e)*t,Jn=(e,t=1)=>lt.asinh(e/t),fe=1/0;function yo(e){return(Lt((e^e>>31)-(e>>31))|0)+1}function ii(e,t,i){return vt(Ke(e,t),
i)}function jo(e){return typeof e=="function"}function ee(e){return jo(e)?e:()=>e}var Br=()=>{},qo=e=>e,Jo=(e,t)=>t,Ir=e=>null,So=e=>!0,xo=(e,t)=>e==t,$r=/\.\d*?(?=9{6,}|0{6,})/gm,
el=e=>{if(Xo(e)||Nt.has(e))return e;let t=`${e}`,i=t.match($r);if(i==null)return e;let n=i[0].length-1;if(t.indexOf("e-")!=-1){let[s,u]=t.split("e");return+`${el(
s)}e${u}`}return pe(e,n)};function Jt(e,t){return el(pe(el(e/t))*t)}function hn(e,t){return el(ct(el(e/t))*t)}function Zo(e,t){return el(tt(el(e/t))*t)}function pe(e,t=0){
if(Xo(e))return e;let i=10**t,n=e*i*(1+Number.EPSILON);return Ae(n)/i}var Nt=new Map;function Qo(e){return((""+e).split(".")[1]||"").length}function Yl(e,t,i,n){
let s=[],u=n.map(Qo);for(let c=t;c<i;c++){let p=Pe(c),d=pe(Ml(e,c),p);for(let h=0;h<n.length;h++){let b=e==10?+`${n[h]}e${c}`:n[h]*d,m=(c>=0?0:p)+(c>=u[h]?0:u[h]),
w=e==10?b:pe(b,m);s.push(w),Nt.set(w,m)}}return s}var Kl={},mi=[],Tl=[null,null],Vt=Array.isArray,Xo=Number.isInteger,Kr=e=>e===void 0;function ko(e){return typeof e==
"string"}function gn(e){let t=!1;if(e!=null){let i=e.constructor;t=i==null||i==Object}return t}function Yr(e){return e!=null&&typeof e=="object"}var Ur=Object.getPrototypeOf(
Uint8Array),es="__proto__";function El(e,t=gn){let i;if(Vt(e)){let n=e.find(s=>s!=null);if(Vt(n)||t(n)){i=Array(e.length);for(let s=0;s<e.length;s++)i[s]=El(e[s],
t)}else i=e.slice()}else if(e instanceof Ur)i=e.slice();else if(t(e)){i={};for(let n in e)n!=es&&(i[n]=El(e[n],t))}else i=e;return i}function Me(e){let t=arguments;
for(let i=1;i<t.length;i++){let n=t[i];for(let s in n)s!=es&&(gn(e[s])?Me(e[s],El(n[s])):e[s]=El(n[s]))}return e}var jr=0,qr=1,Jr=2;function Zr(e,t,i){for(let n=0,
s,u=-1;n<t.length;n++){let c=t[n];if(c>u){for(s=c-1;s>=0&&e[s]==null;)e[s--]=null;for(s=c+1;s<i&&e[s]==null;)e[u=s++]=null}}}function Qr(e,t){if(ta(e)){let c=e[0].
slice();for(let p=1;p<e.length;p++)c.push(...e[p].slice(1));return la(c[0])||(c=ea(c)),c}let i=new Set;for(let c=0;c<e.length;c++){let d=e[c][0],h=d.length;for(let b=0;b<
h;b++)i.add(d[b])}let n=[Array.from(i).sort((c,p)=>c-p)],s=n[0].length,u=new Map;for(let c=0;c<s;c++)u.set(n[0][c],c);for(let c=0;c<e.length;c++){let p=e[c],d=p[0];
for(let h=1;h<p.length;h++){let b=p[h],m=Array(s).fill(void 0),w=t?t[c][h]:qr,C=[];for(let L=0;L<b.length;L++){let H=b[L],W=u.get(d[L]);H===null?w!=jr&&(m[W]=H,
w==Jr&&C.push(W)):m[W]=H}Zr(m,C,s),n.push(m)}}return n}var Xr=typeof queueMicrotask>"u"?e=>Promise.resolve().then(e):queueMicrotask;function ea(e){let t=e[0],i=t.
length,n=Array(i);for(let u=0;u<n.length;u++)n[u]=u;n.sort((u,c)=>t[u]-t[c]);let s=[];for(let u=0;u<e.length;u++){let c=e[u],p=Array(i);for(let d=0;d<i;d++)p[d]=
c[n[d]];s.push(p)}return s}function ta(e){let t=e[0][0],i=t.length;for(let n=1;n<e.length;n++){let s=e[n][0];if(s.length!=i)return!1;if(s!=t){for(let u=0;u<i;u++)
if(s[u]!=t[u])return!1}}return!0}function la(e,t=100){let i=e.length;if(i<=1)return!0;let n=0,s=i-1;for(;n<=s&&e[n]==null;)n++;for(;s>=n&&e[s]==null;)s--;if(s<=
n)return!0;let u=Ke(1,tt((s-n+1)/t));for(let c=e[n],p=n+u;p<=s;p+=u){let d=e[p];if(d!=null){if(d<=c)return!1;c=d}}return!0}var ts=["January","February","March",
"April","May","June","July","August","September","October","November","December"],ls=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function ns(e){
return e.slice(0,3)}var na=ls.map(ns),ia=ts.map(ns),oa={MMMM:ts,MMM:ia,WWWW:ls,WWW:na};function Wl(e){return(e<10?"0":"")+e}function sa(e){return(e<10?"00":e<100?
"0":"")+e}var ra={YYYY:e=>e.getFullYear(),YY:e=>(e.getFullYear()+"").slice(2),MMMM:(e,t)=>t.MMMM[e.getMonth()],MMM:(e,t)=>t.MMM[e.getMonth()],MM:e=>Wl(e.getMonth()+
1),M:e=>e.getMonth()+1,DD:e=>Wl(e.getDate()),D:e=>e.getDate(),WWWW:(e,t)=>t.WWWW[e.getDay()],WWW:(e,t)=>t.WWW[e.getDay()],HH:e=>Wl(e.getHours()),H:e=>e.getHours(),
h:e=>{let t=e.getHours();return t==0?12:t>12?t-12:t},AA:e=>e.getHours()>=12?"PM":"AM",aa:e=>e.getHours()>=12?"pm":"am",a:e=>e.getHours()>=12?"p":"a",mm:e=>Wl(e.
getMinutes()),m:e=>e.getMinutes(),ss:e=>Wl(e.getSeconds()),s:e=>e.getSeconds(),fff:e=>sa(e.getMilliseconds())};function wi(e,t){t=t||oa;let i=[],n=/\{([a-z]+)\}|[^{]+/gi,
s;for(;s=n.exec(e);)i.push(s[0][0]=="{"?ra[s[1]]:s[0]);return u=>{let c="";for(let p=0;p<i.length;p++)c+=typeof i[p]=="string"?i[p]:i[p](u,t);return c}}var aa=new Intl.
DateTimeFormat().resolvedOptions().timeZone;function ua(e,t){let i;return t=="UTC"||t=="Etc/UTC"?i=new Date(+e+e.getTimezoneOffset()*6e4):t==aa?i=e:(i=new Date(
e.toLocaleString("en-US",{timeZone:t})),i.setMilliseconds(e.getMilliseconds())),i}var is=e=>e%1==0,fn=[1,2,2.5,5],ca=Yl(10,-32,0,fn),os=Yl(10,0,32,fn),fa=os.filter(
is),Zt=ca.concat(os),vi=`
`,ss="{YYYY}",_o=vi+ss,rs="{M}/{D}",Il=vi+rs,sn=Il+"/{YY}",as="{aa}",pa="{h}:{mm}",kl=pa+as,Mo=vi+kl,To=":{ss}",ae=null;function us(e){let t=e*1e3,i=t*60,n=i*60,
s=n*24,u=s*30,c=s*365,d=(e==1?Yl(10,0,3,fn).filter(is):Yl(10,-3,0,fn)).concat([t,t*5,t*10,t*15,t*30,i,i*5,i*10,i*15,i*30,n,n*2,n*3,n*4,n*6,n*8,n*12,s,s*2,s*3,s*
4,s*5,s*6,s*7,s*8,s*9,s*10,s*15,u,u*2,u*3,u*4,u*6,c,c*2,c*5,c*10,c*25,c*50,c*100]),h=[[c,ss,ae,ae,ae,ae,ae,ae,1],[s*28,"{MMM}",_o,ae,ae,ae,ae,ae,1],[s,rs,_o,ae,
ae,ae,ae,ae,1],[n,"{h}"+as,sn,ae,Il,ae,ae,ae,1],[i,kl,sn,ae,Il,ae,ae,ae,1],[t,To,sn+" "+kl,ae,Il+" "+kl,ae,Mo,ae,1],[e,To+".{fff}",sn+" "+kl,ae,Il+" "+kl,ae,Mo,
ae,1]];function b(m){return(w,C,L,H,W,B)=>{let x=[],V=W>=c,k=W>=u&&W<c,q=m(L),P=pe(q*e,3),J=Zn(q.getFullYear(),V?0:q.getMonth(),k||V?1:q.getDate()),Y=pe(J*e,3);
if(k||V){let X=k?W/u:0,K=V?W/c:0,_=P==Y?P:pe(Zn(J.getFullYear()+K,J.getMonth()+X,1)*e,3),j=new Date(Ae(_/e)),D=j.getFullYear(),I=j.getMonth();for(let O=0;_<=H;O++){
let te=Zn(D+K*O,I+X*O,1),F=te-m(pe(te*e,3));_=pe((+te+F)*e,3),_<=H&&x.push(_)}}else{let X=W>=s?s:W,K=tt(L)-tt(P),_=Y+K+hn(P-Y,X);x.push(_);let j=m(_),D=j.getHours()+
j.getMinutes()/i+j.getSeconds()/n,I=W/n,O=w.axes[C]._space,te=B/O;for(;_=pe(_+W,e==1?0:3),!(_>H);)if(I>1){let F=tt(pe(D+I,6))%24,le=m(_).getHours()-F;le>1&&(le=
-1),_-=le*n,D=(D+I)%24;let ue=x[x.length-1];pe((_-ue)/W,3)*te>=.7&&x.push(_)}else x.push(_)}return x}}return[d,h,b]}var[da,ha,ga]=us(1),[ma,wa,va]=us(.001);Yl(2,
-53,53,[1]);function Eo(e,t){return e.map(i=>i.map((n,s)=>s==0||s==8||n==null?n:t(s==1||i[8]==0?n:i[1]+n)))}function Ao(e,t){return(i,n,s,u,c)=>{let p=t.find(L=>c>=
L[0])||t[t.length-1],d,h,b,m,w,C;return n.map(L=>{let H=e(L),W=H.getFullYear(),B=H.getMonth(),x=H.getDate(),V=H.getHours(),k=H.getMinutes(),q=H.getSeconds(),P=W!=
d&&p[2]||B!=h&&p[3]||x!=b&&p[4]||V!=m&&p[5]||k!=w&&p[6]||q!=C&&p[7]||p[1];return d=W,h=B,b=x,m=V,w=k,C=q,P(H)})}}function ba(e,t){let i=wi(t);return(n,s,u,c,p)=>s.
map(d=>i(e(d)))}function Zn(e,t,i){return new Date(e,t,i)}function Po(e,t){return t(e)}var ya="{YYYY}-{MM}-{DD} {h}:{mm}{aa}";function Lo(e,t){return(i,n,s,u)=>u==
null?fi:t(e(n))}function Sa(e,t){let i=e.series[t];return i.width?i.stroke(e,t):i.points.width?i.points.stroke(e,t):null}function xa(e,t){return e.series[t].fill(
e,t)}var ka={show:!0,live:!0,isolate:!1,mount:Br,markers:{show:!0,width:2,stroke:Sa,fill:xa,dash:"solid"},idx:null,idxs:null,values:[]};function _a(e,t){let i=e.
cursor.points,n=ut(),s=i.size(e,t);we(n,Gl,s),we(n,Bl,s);let u=s/-2;we(n,"marginLeft",u),we(n,"marginTop",u);let c=i.width(e,t,s);return c&&we(n,"borderWidth",c),
n}function Ma(e,t){let i=e.series[t].points;return i._fill||i._stroke}function Ta(e,t){let i=e.series[t].points;return i._stroke||i._fill}function Ea(e,t){return e.
series[t].points.size}var Qn=[0,0];function Aa(e,t,i){return Qn[0]=t,Qn[1]=i,Qn}function rn(e,t,i,n=!0){return s=>{s.button==0&&(!n||s.target==t)&&i(s)}}function Xn(e,t,i,n=!0){
return s=>{(!n||s.target==t)&&i(s)}}var Pa={show:!0,x:!0,y:!0,lock:!1,move:Aa,points:{one:!1,show:_a,size:Ea,width:0,stroke:Ta,fill:Ma},bind:{mousedown:rn,mouseup:rn,
click:rn,dblclick:rn,mousemove:Xn,mouseleave:Xn,mouseenter:Xn},drag:{setScale:!0,x:!0,y:!1,dist:0,uni:null,click:(e,t)=>{t.stopPropagation(),t.stopImmediatePropagation()},
_x:!1,_y:!1},focus:{dist:(e,t,i,n,s)=>n-s,prox:-1,bias:0},hover:{skip:[void 0],prox:null,bias:0},left:-10,top:-10,idx:null,dataIdx:null,idxs:null,event:null},cs={
show:!0,stroke:"rgba(0,0,0,0.07)",width:2},bi=Me({},cs,{filter:Jo}),fs=Me({},bi,{size:10}),ps=Me({},cs,{show:!1}),yi='12px system-ui, -apple-system, "Segoe UI",\
 Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Noto Color Emoji"',ds="bold "+yi,hs=1.5,Co={
show:!0,scale:"x",stroke:ci,space:50,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:ds,side:2,grid:bi,ticks:fs,border:ps,font:yi,lineGap:hs,rotate:0},
La="Value",Ca="Time",Do={show:!0,scale:"x",auto:!1,sorted:1,min:fe,max:-fe,idxs:[]};function Da(e,t,i,n,s){return t.map(u=>u==null?"":gi(u))}function Ra(e,t,i,n,s,u,c){
let p=[],d=Nt.get(s)||0;i=c?i:pe(hn(i,s),d);for(let h=i;h<=n;h=pe(h+s,d))p.push(Object.is(h,-0)?0:h);return p}function oi(e,t,i,n,s,u,c){let p=[],d=e.scales[e.axes[t].
scale].log,h=d==10?Lt:Uo,b=tt(h(i));s=Ml(d,b),d==10&&(s=Zt[wt(s,Zt)]);let m=i,w=s*d;d==10&&(w=Zt[wt(w,Zt)]);do p.push(m),m=m+s,d==10&&!Nt.has(m)&&(m=pe(m,Nt.get(
s))),m>=w&&(s=m,w=s*d,d==10&&(w=Zt[wt(w,Zt)]));while(m<=n);return p}function za(e,t,i,n,s,u,c){let d=e.scales[e.axes[t].scale].asinh,h=n>d?oi(e,t,Ke(d,i),n,s):[
d],b=n>=0&&i<=0?[0]:[];return(i<-d?oi(e,t,Ke(d,-n),-i,s):[d]).reverse().map(w=>-w).concat(b,h)}var gs=/./,Fa=/[12357]/,Oa=/[125]/,Ro=/1/,si=(e,t,i,n)=>e.map((s,u)=>t==
4&&s==0||u%n==0&&i.test(s.toExponential()[s<0?1:0])?s:null);function Ha(e,t,i,n,s){let u=e.axes[i],c=u.scale,p=e.scales[c],d=e.valToPos,h=u._space,b=d(10,c),m=d(
9,c)-b>=h?gs:d(7,c)-b>=h?Fa:d(5,c)-b>=h?Oa:Ro;if(m==Ro){let w=Pe(d(1,c)-b);if(w<h)return si(t.slice().reverse(),p.distr,m,ct(h/w)).reverse()}return si(t,p.distr,
m,1)}function Va(e,t,i,n,s){let u=e.axes[i],c=u.scale,p=u._space,d=e.valToPos,h=Pe(d(1,c)-d(2,c));return h<p?si(t.slice().reverse(),3,gs,ct(p/h)).reverse():t}function Na(e,t,i,n){
return n==null?fi:t==null?"":gi(t)}var zo={show:!0,scale:"y",stroke:ci,space:30,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:ds,side:3,grid:bi,ticks:fs,
border:ps,font:yi,lineGap:hs,rotate:0};function Wa(e,t){let i=3+(e||1)*2;return pe(i*t,3)}function Ga(e,t){let{scale:i,idxs:n}=e.series[0],s=e._data[0],u=e.valToPos(
s[n[0]],i,!0),c=e.valToPos(s[n[1]],i,!0),p=Pe(c-u),d=e.series[t],h=p/(d.points.space*se);return n[1]-n[0]<=h}var Fo={scale:null,auto:!0,sorted:0,min:fe,max:-fe},
ms=(e,t,i,n,s)=>s,Oo={show:!0,auto:!0,sorted:0,gaps:ms,alpha:1,facets:[Me({},Fo,{scale:"x"}),Me({},Fo,{scale:"y"})]},Ho={scale:"y",auto:!0,sorted:0,show:!0,spanGaps:!1,
gaps:ms,alpha:1,points:{show:Ga,filter:null},values:null,min:fe,max:-fe,idxs:[],path:null,clip:null};function Ba(e,t,i,n,s){return i/10}var ws={time:!0,auto:!0,
distr:1,log:10,asinh:1,min:null,max:null,dir:1,ori:0},Ia=Me({},ws,{time:!1,ori:1}),Vo={};function vs(e,t){let i=Vo[e];return i||(i={key:e,plots:[],sub(n){i.plots.
push(n)},unsub(n){i.plots=i.plots.filter(s=>s!=n)},pub(n,s,u,c,p,d,h){for(let b=0;b<i.plots.length;b++)i.plots[b]!=s&&i.plots[b].pub(n,s,u,c,p,d,h)}},e!=null&&(Vo[e]=
i)),i}var Al=1,ri=2;function tl(e,t,i){let n=e.mode,s=e.series[t],u=n==2?e._data[t]:e._data,c=e.scales,p=e.bbox,d=u[0],h=n==2?u[1]:u[t],b=n==2?c[s.facets[0].scale]:
c[e.series[0].scale],m=n==2?c[s.facets[1].scale]:c[s.scale],w=p.left,C=p.top,L=p.width,H=p.height,W=e.valToPosH,B=e.valToPosV;return b.ori==0?i(s,d,h,b,m,W,B,w,
C,L,H,wn,Ll,bn,ys,xs):i(s,d,h,b,m,B,W,C,w,H,L,vn,Cl,ki,Ss,ks)}function Si(e,t){let i=0,n=0,s=ie(e.bands,mi);for(let u=0;u<s.length;u++){let c=s[u];c.series[0]==
t?i=c.dir:c.series[1]==t&&(c.dir==1?n|=1:n|=2)}return[i,n==1?-1:n==2?1:n==3?2:0]}function $a(e,t,i,n,s){let u=e.mode,c=e.series[t],p=u==2?c.facets[1].scale:c.scale,
d=e.scales[p];return s==-1?d.min:s==1?d.max:d.distr==3?d.dir==1?d.min:d.max:0}function Ct(e,t,i,n,s,u){return tl(e,t,(c,p,d,h,b,m,w,C,L,H,W)=>{let B=c.pxRound,x=h.
dir*(h.ori==0?1:-1),V=h.ori==0?Ll:Cl,k,q;x==1?(k=i,q=n):(k=n,q=i);let P=B(m(p[k],h,H,C)),J=B(w(d[k],b,W,L)),Y=B(m(p[q],h,H,C)),X=B(w(u==1?b.max:b.min,b,W,L)),K=new Path2D(
s);return V(K,Y,X),V(K,P,X),V(K,P,J),K})}function mn(e,t,i,n,s,u){let c=null;if(e.length>0){c=new Path2D;let p=t==0?bn:ki,d=i;for(let m=0;m<e.length;m++){let w=e[m];
if(w[1]>w[0]){let C=w[0]-d;C>0&&p(c,d,n,C,n+u),d=w[1]}}let h=i+s-d,b=10;h>0&&p(c,d,n-b/2,h,n+u+b)}return c}function Ka(e,t,i){let n=e[e.length-1];n&&n[0]==t?n[1]=
i:e.push([t,i])}function xi(e,t,i,n,s,u,c){let p=[],d=e.length;for(let h=s==1?i:n;h>=i&&h<=n;h+=s)if(t[h]===null){let m=h,w=h;if(s==1)for(;++h<=n&&t[h]===null;)
w=h;else for(;--h>=i&&t[h]===null;)w=h;let C=u(e[m]),L=w==m?C:u(e[w]),H=m-s;C=c<=0&&H>=0&&H<d?u(e[H]):C;let B=w+s;L=c>=0&&B>=0&&B<d?u(e[B]):L,L>=C&&p.push([C,L])}
return p}function No(e){return e==0?qo:e==1?Ae:t=>Jt(t,e)}function bs(e){let t=e==0?wn:vn,i=e==0?(s,u,c,p,d,h)=>{s.arcTo(u,c,p,d,h)}:(s,u,c,p,d,h)=>{s.arcTo(c,u,
d,p,h)},n=e==0?(s,u,c,p,d)=>{s.rect(u,c,p,d)}:(s,u,c,p,d)=>{s.rect(c,u,d,p)};return(s,u,c,p,d,h=0,b=0)=>{h==0&&b==0?n(s,u,c,p,d):(h=vt(h,p/2,d/2),b=vt(b,p/2,d/2),
t(s,u+h,c),i(s,u+p,c,u+p,c+d,h),i(s,u+p,c+d,u,c+d,b),i(s,u,c+d,u,c,b),i(s,u,c,u+p,c,h),s.closePath())}}var wn=(e,t,i)=>{e.moveTo(t,i)},vn=(e,t,i)=>{e.moveTo(i,t)},
Ll=(e,t,i)=>{e.lineTo(t,i)},Cl=(e,t,i)=>{e.lineTo(i,t)},bn=bs(0),ki=bs(1),ys=(e,t,i,n,s,u)=>{e.arc(t,i,n,s,u)},Ss=(e,t,i,n,s,u)=>{e.arc(i,t,n,s,u)},xs=(e,t,i,n,s,u,c)=>{
e.bezierCurveTo(t,i,n,s,u,c)},ks=(e,t,i,n,s,u,c)=>{e.bezierCurveTo(i,t,s,n,c,u)};function _s(e){return(t,i,n,s,u)=>tl(t,i,(c,p,d,h,b,m,w,C,L,H,W)=>{let{pxRound:B,
points:x}=c,V,k;h.ori==0?(V=wn,k=ys):(V=vn,k=Ss);let q=pe(x.width*se,3),P=(x.size-x.width)/2*se,J=pe(P*2,3),Y=new Path2D,X=new Path2D,{left:K,top:_,width:j,height:D}=t.
bbox;bn(X,K-J,_-J,j+J*2,D+J*2);let I=O=>{if(d[O]!=null){let te=B(m(p[O],h,H,C)),F=B(w(d[O],b,W,L));V(Y,te+P,F),k(Y,te,F,P,0,an*2)}};if(u)u.forEach(I);else for(let O=n;O<=
s;O++)I(O);return{stroke:q>0?Y:null,fill:Y,clip:X,flags:Al|ri}})}function Ms(e){return(t,i,n,s,u,c)=>{n!=s&&(u!=n&&c!=n&&e(t,i,n),u!=s&&c!=s&&e(t,i,s),e(t,i,c))}}
var Ya=Ms(Ll),Ua=Ms(Cl);function Ts(e){let t=ie(e?.alignGaps,0);return(i,n,s,u)=>tl(i,n,(c,p,d,h,b,m,w,C,L,H,W)=>{[s,u]=pn(d,s,u);let B=c.pxRound,x=D=>B(m(D,h,H,
C)),V=D=>B(w(D,b,W,L)),k,q;h.ori==0?(k=Ll,q=Ya):(k=Cl,q=Ua);let P=h.dir*(h.ori==0?1:-1),J={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:Al},Y=J.
stroke,X=!1;if(u-s>=H*4){let D=R=>i.posToVal(R,h.key,!0),I=null,O=null,te,F,Ye,ve=x(p[P==1?s:u]),le=x(p[s]),ue=x(p[u]),Z=D(P==1?le+1:ue-1);for(let R=P==1?s:u;R>=
s&&R<=u;R+=P){let Te=p[R],be=(P==1?Te<Z:Te>Z)?ve:x(Te),re=d[R];be==ve?re!=null?(F=re,I==null?(k(Y,be,V(F)),te=I=O=F):F<I?I=F:F>O&&(O=F)):re===null&&(X=!0):(I!=null&&
q(Y,ve,V(I),V(O),V(te),V(F)),re!=null?(F=re,k(Y,be,V(F)),I=O=te=F):(I=O=null,re===null&&(X=!0)),ve=be,Z=D(ve+P))}I!=null&&I!=O&&Ye!=ve&&q(Y,ve,V(I),V(O),V(te),V(
F))}else for(let D=P==1?s:u;D>=s&&D<=u;D+=P){let I=d[D];I===null?X=!0:I!=null&&k(Y,x(p[D]),V(I))}let[_,j]=Si(i,n);if(c.fill!=null||_!=0){let D=J.fill=new Path2D(
Y),I=c.fillTo(i,n,c.min,c.max,_),O=V(I),te=x(p[s]),F=x(p[u]);P==-1&&([F,te]=[te,F]),k(D,F,O),k(D,te,O)}if(!c.spanGaps){let D=[];X&&D.push(...xi(p,d,s,u,P,x,t)),
J.gaps=D=c.gaps(i,n,s,u,D),J.clip=mn(D,h.ori,C,L,H,W)}return j!=0&&(J.band=j==2?[Ct(i,n,s,u,Y,-1),Ct(i,n,s,u,Y,1)]:Ct(i,n,s,u,Y,j)),J})}function ja(e){let t=ie(
e.align,1),i=ie(e.ascDesc,!1),n=ie(e.alignGaps,0),s=ie(e.extend,!1);return(u,c,p,d)=>tl(u,c,(h,b,m,w,C,L,H,W,B,x,V)=>{[p,d]=pn(m,p,d);let k=h.pxRound,{left:q,width:P}=u.
bbox,J=le=>k(L(le,w,x,W)),Y=le=>k(H(le,C,V,B)),X=w.ori==0?Ll:Cl,K={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:Al},_=K.stroke,j=w.dir*(w.ori==
0?1:-1),D=Y(m[j==1?p:d]),I=J(b[j==1?p:d]),O=I,te=I;s&&t==-1&&(te=q,X(_,te,D)),X(_,I,D);for(let le=j==1?p:d;le>=p&&le<=d;le+=j){let ue=m[le];if(ue==null)continue;
let Z=J(b[le]),R=Y(ue);t==1?X(_,Z,D):X(_,O,R),X(_,Z,R),D=R,O=Z}let F=O;s&&t==1&&(F=q+P,X(_,F,D));let[Ye,ve]=Si(u,c);if(h.fill!=null||Ye!=0){let le=K.fill=new Path2D(
_),ue=h.fillTo(u,c,h.min,h.max,Ye),Z=Y(ue);X(le,F,Z),X(le,te,Z)}if(!h.spanGaps){let le=[];le.push(...xi(b,m,p,d,j,J,n));let ue=h.width*se/2,Z=i||t==1?ue:-ue,R=i||
t==-1?-ue:ue;le.forEach(Te=>{Te[0]+=Z,Te[1]+=R}),K.gaps=le=h.gaps(u,c,p,d,le),K.clip=mn(le,w.ori,W,B,x,V)}return ve!=0&&(K.band=ve==2?[Ct(u,c,p,d,_,-1),Ct(u,c,p,
d,_,1)]:Ct(u,c,p,d,_,ve)),K})}function Wo(e,t,i,n,s,u,c=fe){if(e.length>1){let p=null;for(let d=0,h=1/0;d<e.length;d++)if(t[d]!==void 0){if(p!=null){let b=Pe(e[d]-
e[p]);b<h&&(h=b,c=Pe(i(e[d],n,s,u)-i(e[p],n,s,u)))}p=d}}return c}function qa(e){e=e||Kl;let t=ie(e.size,[.6,fe,1]),i=e.align||0,n=e.gap||0,s=e.radius;s=s==null?
[0,0]:typeof s=="number"?[s,0]:s;let u=ee(s),c=1-t[0],p=ie(t[1],fe),d=ie(t[2],1),h=ie(e.disp,Kl),b=ie(e.each,C=>{}),{fill:m,stroke:w}=h;return(C,L,H,W)=>tl(C,L,
(B,x,V,k,q,P,J,Y,X,K,_)=>{let j=B.pxRound,D=i,I=n*se,O=p*se,te=d*se,F,Ye;k.ori==0?[F,Ye]=u(C,L):[Ye,F]=u(C,L);let ve=k.dir*(k.ori==0?1:-1),le=k.ori==0?bn:ki,ue=k.
ori==0?b:(E,de,Ee,sl,Bt,yt,It)=>{b(E,de,Ee,Bt,sl,It,yt)},Z=ie(C.bands,mi).find(E=>E.series[0]==L),R=Z!=null?Z.dir:0,Te=B.fillTo(C,L,B.min,B.max,R),We=j(J(Te,q,_,
X)),be,re,ft,qe=K,Se=j(B.width*se),bt=!1,Et=null,nt=null,Dt=null,nl=null;m!=null&&(Se==0||w!=null)&&(bt=!0,Et=m.values(C,L,H,W),nt=new Map,new Set(Et).forEach(E=>{
E!=null&&nt.set(E,new Path2D)}),Se>0&&(Dt=w.values(C,L,H,W),nl=new Map,new Set(Dt).forEach(E=>{E!=null&&nl.set(E,new Path2D)})));let{x0:il,size:Dl}=h;if(il!=null&&
Dl!=null){D=1,x=il.values(C,L,H,W),il.unit==2&&(x=x.map(Ee=>C.posToVal(Y+Ee*K,k.key,!0)));let E=Dl.values(C,L,H,W);Dl.unit==2?re=E[0]*K:re=P(E[0],k,K,Y)-P(0,k,K,
Y),qe=Wo(x,V,P,k,K,Y,qe),ft=qe-re+I}else qe=Wo(x,V,P,k,K,Y,qe),ft=qe*c+I,re=qe-ft;ft<1&&(ft=0),Se>=re/2&&(Se=0),ft<5&&(j=qo);let jl=ft>0,Wt=qe-ft-(jl?Se:0);re=j(
ii(Wt,te,O)),be=(D==0?re/2:D==ve?0:re)-D*ve*((D==0?I/2:0)+(jl?Se/2:0));let Ge={stroke:null,fill:null,clip:null,band:null,gaps:null,flags:0},ol=bt?null:new Path2D,
At=null;if(Z!=null)At=C.data[Z.series[1]];else{let{y0:E,y1:de}=h;E!=null&&de!=null&&(V=de.values(C,L,H,W),At=E.values(C,L,H,W))}let Gt=F*re,U=Ye*re;for(let E=ve==
1?H:W;E>=H&&E<=W;E+=ve){let de=V[E];if(de==null)continue;if(At!=null){let Ue=At[E]??0;if(de-Ue==0)continue;We=J(Ue,q,_,X)}let Ee=k.distr!=2||h!=null?x[E]:E,sl=P(
Ee,k,K,Y),Bt=J(ie(de,Te),q,_,X),yt=j(sl-be),It=j(Ke(Bt,We)),Je=j(vt(Bt,We)),it=It-Je;if(de!=null){let Ue=de<0?U:Gt,pt=de<0?Gt:U;bt?(Se>0&&Dt[E]!=null&&le(nl.get(
Dt[E]),yt,Je+tt(Se/2),re,Ke(0,it-Se),Ue,pt),Et[E]!=null&&le(nt.get(Et[E]),yt,Je+tt(Se/2),re,Ke(0,it-Se),Ue,pt)):le(ol,yt,Je+tt(Se/2),re,Ke(0,it-Se),Ue,pt),ue(C,
L,E,yt-Se/2,Je,re+Se,it)}}return Se>0?Ge.stroke=bt?nl:ol:bt||(Ge._fill=B.width==0?B._fill:B._stroke??B._fill,Ge.width=0),Ge.fill=bt?nt:ol,Ge})}function Ja(e,t){
let i=ie(t?.alignGaps,0);return(n,s,u,c)=>tl(n,s,(p,d,h,b,m,w,C,L,H,W,B)=>{[u,c]=pn(h,u,c);let x=p.pxRound,V=F=>x(w(F,b,W,L)),k=F=>x(C(F,m,B,H)),q,P,J;b.ori==0?
(q=wn,J=Ll,P=xs):(q=vn,J=Cl,P=ks);let Y=b.dir*(b.ori==0?1:-1),X=V(d[Y==1?u:c]),K=X,_=[],j=[];for(let F=Y==1?u:c;F>=u&&F<=c;F+=Y)if(h[F]!=null){let ve=d[F],le=V(
ve);_.push(K=le),j.push(k(h[F]))}let D={stroke:e(_,j,q,J,P,x),fill:null,clip:null,band:null,gaps:null,flags:Al},I=D.stroke,[O,te]=Si(n,s);if(p.fill!=null||O!=0){
let F=D.fill=new Path2D(I),Ye=p.fillTo(n,s,p.min,p.max,O),ve=k(Ye);J(F,K,ve),J(F,X,ve)}if(!p.spanGaps){let F=[];F.push(...xi(d,h,u,c,Y,V,i)),D.gaps=F=p.gaps(n,s,
u,c,F),D.clip=mn(F,b.ori,L,H,W,B)}return te!=0&&(D.band=te==2?[Ct(n,s,u,c,I,-1),Ct(n,s,u,c,I,1)]:Ct(n,s,u,c,I,te)),D})}function Za(e){return Ja(Qa,e)}function Qa(e,t,i,n,s,u){
let c=e.length;if(c<2)return null;let p=new Path2D;if(i(p,e[0],t[0]),c==2)n(p,e[1],t[1]);else{let d=Array(c),h=Array(c-1),b=Array(c-1),m=Array(c-1);for(let w=0;w<
c-1;w++)b[w]=t[w+1]-t[w],m[w]=e[w+1]-e[w],h[w]=b[w]/m[w];d[0]=h[0];for(let w=1;w<c-1;w++)h[w]===0||h[w-1]===0||h[w-1]>0!=h[w]>0?d[w]=0:(d[w]=3*(m[w-1]+m[w])/((2*
m[w]+m[w-1])/h[w-1]+(m[w]+2*m[w-1])/h[w]),isFinite(d[w])||(d[w]=0));d[c-1]=h[c-2];for(let w=0;w<c-1;w++)s(p,e[w]+m[w]/3,t[w]+d[w]*m[w]/3,e[w+1]-m[w]/3,t[w+1]-d[w+
1]*m[w]/3,e[w+1],t[w+1])}return p}var ai=new Set;function Go(){for(let e of ai)e.syncRect(!0)}Pl&&(Xt(Dr,_l,Go),Xt(Rr,_l,Go,!0),Xt(un,_l,()=>{Ve.pxRatio=se}));var Xa=Ts(),
eu=_s();function Bo(e,t,i,n){return(n?[e[0],e[1]].concat(e.slice(2)):[e[0]].concat(e.slice(1))).map((u,c)=>ui(u,c,t,i))}function tu(e,t){return e.map((i,n)=>n==
0?{}:Me({},t,i))}function ui(e,t,i,n){return Me({},t==0?i:n,e)}function Es(e,t,i){return t==null?Tl:[t,i]}var lu=Es;function nu(e,t,i){return t==null?Tl:cn(t,i,
hi,!0)}function As(e,t,i,n){return t==null?Tl:dn(t,i,e.scales[n].log,!1)}var iu=As;function Ps(e,t,i,n){return t==null?Tl:di(t,i,e.scales[n].log,!1)}var ou=Ps;function su(e,t,i,n,s){
let u=Ke(yo(e),yo(t)),c=t-e,p=wt(s/n*c,i);do{let d=i[p],h=n*d/c;if(h>=s&&u+(d<5?Nt.get(d):0)<=17)return[d,h]}while(++p<i.length);return[0,0]}function Io(e){let t,
i;return e=e.replace(/(\d+)px/,(n,s)=>(t=Ae((i=+s)*se))+"px"),[e,t,i]}function ru(e){e.show&&[e.font,e.labelFont].forEach(t=>{let i=pe(t[2]*se,1);t[0]=t[0].replace(
/[0-9.]+px/,i+"px"),t[1]=i})}function Ve(e,t,i){let n={mode:ie(e.mode,1)},s=n.mode;function u(l,o,r,a){let f=o.valToPct(l);return a+r*(o.dir==-1?1-f:f)}function c(l,o,r,a){
let f=o.valToPct(l);return a+r*(o.dir==-1?f:1-f)}function p(l,o,r,a){return o.ori==0?u(l,o,r,a):c(l,o,r,a)}n.valToPosH=u,n.valToPosV=c;let d=!1;n.status=0;let h=n.
root=ut(hr);if(e.id!=null&&(h.id=e.id),et(h,e.class),e.title){let l=ut(wr,h);l.textContent=e.title}let b=mt("canvas"),m=n.ctx=b.getContext("2d"),w=ut(vr,h);Xt("\
click",w,l=>{l.target===L&&(he!=wl||ye!=vl)&&He.click(n,l)},!0);let C=n.under=ut(br,w);w.appendChild(b);let L=n.over=ut(yr,w);e=El(e);let H=+ie(e.pxAlign,1),W=No(
H);(e.plugins||[]).forEach(l=>{l.opts&&(e=l.opts(n,e)||e)});let B=e.ms||.001,x=n.series=s==1?Bo(e.series||[],Do,Ho,!1):tu(e.series||[null],Oo),V=n.axes=Bo(e.axes||
[],Co,zo,!0),k=n.scales={},q=n.bands=e.bands||[];q.forEach(l=>{l.fill=ee(l.fill||null),l.dir=ie(l.dir,-1)});let P=s==2?x[1].facets[0].scale:x[0].scale,J={axes:Xs,
series:js},Y=(e.drawOrder||["axes","series"]).map(l=>J[l]);function X(l){let o=l.distr==3?r=>Lt(r>0?r:l.clamp(n,r,l.min,l.max,l.key)):l.distr==4?r=>Jn(r,l.asinh):
l.distr==100?r=>l.fwd(r):r=>r;return r=>{let a=o(r),{_min:f,_max:g}=l,v=g-f;return(a-f)/v}}function K(l){let o=k[l];if(o==null){let r=(e.scales||Kl)[l]||Kl;if(r.
from!=null){K(r.from);let a=Me({},k[r.from],r,{key:l});a.valToPct=X(a),k[l]=a}else{o=k[l]=Me({},l==P?ws:Ia,r),o.key=l;let a=o.time,f=o.range,g=Vt(f);if((l!=P||s==
2&&!a)&&(g&&(f[0]==null||f[1]==null)&&(f={min:f[0]==null?wo:{mode:1,hard:f[0],soft:f[0]},max:f[1]==null?wo:{mode:1,hard:f[1],soft:f[1]}},g=!1),!g&&gn(f))){let v=f;
f=(y,S,M)=>S==null?Tl:cn(S,M,v)}o.range=ee(f||(a?lu:l==P?o.distr==3?iu:o.distr==4?ou:Es:o.distr==3?As:o.distr==4?Ps:nu)),o.auto=ee(g?!1:o.auto),o.clamp=ee(o.clamp||
Ba),o._min=o._max=null,o.valToPct=X(o)}}}K("x"),K("y"),s==1&&x.forEach(l=>{K(l.scale)}),V.forEach(l=>{K(l.scale)});for(let l in e.scales)K(l);let _=k[P],j=_.distr,
D,I;_.ori==0?(et(h,gr),D=u,I=c):(et(h,mr),D=c,I=u);let O={};for(let l in k){let o=k[l];(o.min!=null||o.max!=null)&&(O[l]={min:o.min,max:o.max},o.min=o.max=null)}
let te=e.tzDate||(l=>new Date(Ae(l/B))),F=e.fmtDate||wi,Ye=B==1?ga(te):va(te),ve=Ao(te,Eo(B==1?ha:wa,F)),le=Lo(te,Po(ya,F)),ue=[],Z=n.legend=Me({},ka,e.legend),
R=n.cursor=Me({},Pa,{drag:{y:s==2}},e.cursor),Te=Z.show,We=R.show,be=Z.markers;Z.idxs=ue,be.width=ee(be.width),be.dash=ee(be.dash),be.stroke=ee(be.stroke),be.fill=
ee(be.fill);let re,ft,qe,Se=[],bt=[],Et,nt=!1,Dt={};if(Z.live){let l=x[1]?x[1].values:null;nt=l!=null,Et=nt?l(n,1,0):{_:0};for(let o in Et)Dt[o]=fi}if(Te)if(re=
mt("table",Tr,h),qe=mt("tbody",null,re),Z.mount(n,re),nt){ft=mt("thead",null,re,qe);let l=mt("tr",null,ft);mt("th",null,l);for(var nl in Et)mt("th",no,l).textContent=
nl}else et(re,Ar),Z.live&&et(re,Er);let il={show:!0},Dl={show:!1};function jl(l,o){if(o==0&&(nt||!Z.live||s==2))return Tl;let r=[],a=mt("tr",Pr,qe,qe.childNodes[o]);
et(a,l.class),l.show||et(a,Qt);let f=mt("th",null,a);if(be.show){let y=ut(Lr,f);if(o>0){let S=be.width(n,o);S&&(y.style.border=S+"px "+be.dash(n,o)+" "+be.stroke(
n,o)),y.style.background=be.fill(n,o)}}let g=ut(no,f);l.label instanceof HTMLElement?g.appendChild(l.label):g.textContent=l.label,o>0&&(be.show||(g.style.color=
l.width>0?be.stroke(n,o):be.fill(n,o)),Ge("click",f,y=>{if(R._lock)return;Kt(y);let S=x.indexOf(l);if((y.ctrlKey||y.metaKey)!=Z.isolate){let M=x.some((T,A)=>A>0&&
A!=S&&T.show);x.forEach((T,A)=>{A>0&&xt(A,M?A==S?il:Dl:il,!0,_e.setSeries)})}else xt(S,{show:!l.show},!0,_e.setSeries)},!1),al&&Ge(ro,f,y=>{R._lock||(Kt(y),xt(x.
indexOf(l),yl,!0,_e.setSeries))},!1));for(var v in Et){let y=mt("td",Cr,a);y.textContent="--",r.push(y)}return[a,r]}let Wt=new Map;function Ge(l,o,r,a=!0){let f=Wt.
get(o)||{},g=R.bind[l](n,o,r,a);g&&(Xt(l,o,f[l]=g),Wt.set(o,f))}function ol(l,o,r){let a=Wt.get(o)||{};for(let f in a)(l==null||f==l)&&(ni(f,o,a[f]),delete a[f]);
l==null&&Wt.delete(o)}let At=0,Gt=0,U=0,E=0,de=0,Ee=0,sl=de,Bt=Ee,yt=U,It=E,Je=0,it=0,Ue=0,pt=0;n.bbox={};let _n=!1,ql=!1,rl=!1,$t=!1,Jl=!1,ot=!1;function Mn(l,o,r){
(r||l!=n.width||o!=n.height)&&Ei(l,o),dl(!1),rl=!0,ql=!0,hl()}function Ei(l,o){n.width=At=U=l,n.height=Gt=E=o,de=Ee=0,Gs(),Bs();let r=n.bbox;Je=r.left=Jt(de*se,
.5),it=r.top=Jt(Ee*se,.5),Ue=r.width=Jt(U*se,.5),pt=r.height=Jt(E*se,.5)}let Vs=3;function Ns(){let l=!1,o=0;for(;!l;){o++;let r=Zs(o),a=Qs(o);l=o==Vs||r&&a,l||
(Ei(n.width,n.height),ql=!0)}}function Ws({width:l,height:o}){Mn(l,o)}n.setSize=Ws;function Gs(){let l=!1,o=!1,r=!1,a=!1;V.forEach((f,g)=>{if(f.show&&f._show){let{
side:v,_size:y}=f,S=v%2,M=f.label!=null?f.labelSize:0,T=y+M;T>0&&(S?(U-=T,v==3?(de+=T,a=!0):r=!0):(E-=T,v==0?(Ee+=T,l=!0):o=!0))}}),Yt[0]=l,Yt[1]=r,Yt[2]=o,Yt[3]=
a,U-=Rt[1]+Rt[3],de+=Rt[3],E-=Rt[2]+Rt[0],Ee+=Rt[0]}function Bs(){let l=de+U,o=Ee+E,r=de,a=Ee;function f(g,v){switch(g){case 1:return l+=v,l-v;case 2:return o+=
v,o-v;case 3:return r-=v,r+v;case 0:return a-=v,a+v}}V.forEach((g,v)=>{if(g.show&&g._show){let y=g.side;g._pos=f(y,g._size),g.label!=null&&(g._lpos=f(y,g.labelSize))}})}
if(R.dataIdx==null){let l=R.hover,o=l.skip=new Set(l.skip??[]);o.add(void 0);let r=l.prox=ee(l.prox),a=l.bias??=0;R.dataIdx=(f,g,v,y)=>{if(g==0)return v;let S=v,
M=r(f,g,v,y)??fe,T=M>=0&&M<fe,A=_.ori==0?U:E,$=R.left,oe=t[0],ne=t[g];if(o.has(ne[v])){S=null;let Q=null,G=null,z;if(a==0||a==-1)for(z=v;Q==null&&z-- >0;)o.has(
ne[z])||(Q=z);if(a==0||a==1)for(z=v;G==null&&z++<ne.length;)o.has(ne[z])||(G=z);if(Q!=null||G!=null)if(T){let me=Q==null?-1/0:D(oe[Q],_,A,0),xe=G==null?1/0:D(oe[G],
_,A,0),Fe=$-me,ce=xe-$;Fe<=ce?Fe<=M&&(S=Q):ce<=M&&(S=G)}else S=G==null?Q:Q==null?G:v-Q<=G-v?Q:G}else T&&Pe($-D(oe[v],_,A,0))>M&&(S=null);return S}}let Kt=l=>{R.
event=l};R.idxs=ue,R._lock=!1;let Ne=R.points;Ne.show=ee(Ne.show),Ne.size=ee(Ne.size),Ne.stroke=ee(Ne.stroke),Ne.width=ee(Ne.width),Ne.fill=ee(Ne.fill);let St=n.
focus=Me({},e.focus||{alpha:.3},R.focus),al=St.prox>=0,ul=al&&Ne.one,st=[],cl=[],fl=[];function Ai(l,o){let r=Ne.show(n,o);if(r instanceof HTMLElement)return et(
r,Mr),et(r,l.class),Tt(r,-10,-10,U,E),L.insertBefore(r,st[o]),r}function Pi(l,o){if(s==1||o>0){let r=s==1&&k[l.scale].time,a=l.value;l.value=r?ko(a)?Lo(te,Po(a,
F)):a||le:a||Na,l.label=l.label||(r?Ca:La)}if(ul||o>0){l.width=l.width==null?1:l.width,l.paths=l.paths||Xa||Ir,l.fillTo=ee(l.fillTo||$a),l.pxAlign=+ie(l.pxAlign,
H),l.pxRound=No(l.pxAlign),l.stroke=ee(l.stroke||null),l.fill=ee(l.fill||null),l._stroke=l._fill=l._paths=l._focus=null;let r=Wa(Ke(1,l.width),1),a=l.points=Me(
{},{size:r,width:Ke(1,r*.2),stroke:l.stroke,space:r*2,paths:eu,_stroke:null,_fill:null},l.points);a.show=ee(a.show),a.filter=ee(a.filter),a.fill=ee(a.fill),a.stroke=
ee(a.stroke),a.paths=ee(a.paths),a.pxAlign=l.pxAlign}if(Te){let r=jl(l,o);Se.splice(o,0,r[0]),bt.splice(o,0,r[1]),Z.values.push(null)}if(We){ue.splice(o,0,null);
let r=null;ul?o==0&&(r=Ai(l,o)):o>0&&(r=Ai(l,o)),st.splice(o,0,r),cl.splice(o,0,0),fl.splice(o,0,0)}ze("addSeries",o)}function Is(l,o){o=o??x.length,l=s==1?ui(l,
o,Do,Ho):ui(l,o,{},Oo),x.splice(o,0,l),Pi(x[o],o)}n.addSeries=Is;function $s(l){if(x.splice(l,1),Te){Z.values.splice(l,1),bt.splice(l,1);let o=Se.splice(l,1)[0];
ol(null,o.firstChild),o.remove()}We&&(ue.splice(l,1),st.splice(l,1)[0].remove(),cl.splice(l,1),fl.splice(l,1)),ze("delSeries",l)}n.delSeries=$s;let Yt=[!1,!1,!1,
!1];function Ks(l,o){if(l._show=l.show,l.show){let r=l.side%2,a=k[l.scale];a==null&&(l.scale=r?x[1].scale:P,a=k[l.scale]);let f=a.time;l.size=ee(l.size),l.space=
ee(l.space),l.rotate=ee(l.rotate),Vt(l.incrs)&&l.incrs.forEach(v=>{!Nt.has(v)&&Nt.set(v,Qo(v))}),l.incrs=ee(l.incrs||(a.distr==2?fa:f?B==1?da:ma:Zt)),l.splits=ee(
l.splits||(f&&a.distr==1?Ye:a.distr==3?oi:a.distr==4?za:Ra)),l.stroke=ee(l.stroke),l.grid.stroke=ee(l.grid.stroke),l.ticks.stroke=ee(l.ticks.stroke),l.border.stroke=
ee(l.border.stroke);let g=l.values;l.values=Vt(g)&&!Vt(g[0])?ee(g):f?Vt(g)?Ao(te,Eo(g,F)):ko(g)?ba(te,g):g||ve:g||Da,l.filter=ee(l.filter||(a.distr>=3&&a.log==10?
Ha:a.distr==3&&a.log==2?Va:Jo)),l.font=Io(l.font),l.labelFont=Io(l.labelFont),l._size=l.size(n,null,o,0),l._space=l._rotate=l._incrs=l._found=l._splits=l._values=
null,l._size>0&&(Yt[o]=!0,l._el=ut(Sr,w))}}function Rl(l,o,r,a){let[f,g,v,y]=r,S=o%2,M=0;return S==0&&(y||g)&&(M=o==0&&!f||o==2&&!v?Ae(Co.size/3):0),S==1&&(f||v)&&
(M=o==1&&!g||o==3&&!y?Ae(zo.size/2):0),M}let Li=n.padding=(e.padding||[Rl,Rl,Rl,Rl]).map(l=>ee(ie(l,Rl))),Rt=n._padding=Li.map((l,o)=>l(n,o,Yt,0)),Oe,Le=null,Ce=null,
Zl=s==1?x[0].idxs:null,dt=null,zl=!1;function Ci(l,o){if(t=l??[],n.data=n._data=t,s==2){Oe=0;for(let r=1;r<x.length;r++)Oe+=t[r][0].length}else{t.length==0&&(n.
data=n._data=t=[[]]),dt=t[0],Oe=dt.length;let r=t;if(j==2){r=t.slice();let a=r[0]=Array(Oe);for(let f=0;f<Oe;f++)a[f]=f}n._data=t=r}if(dl(!0),ze("setData"),j==2&&
(rl=!0),o!==!1){let r=_;r.auto(n,zl)?Tn():Ft(P,r.min,r.max),$t=$t||R.left>=0,ot=!0,hl()}}n.setData=Ci;function Tn(){zl=!0;let l,o;s==1&&(Oe>0?(Le=Zl[0]=0,Ce=Zl[1]=
Oe-1,l=t[0][Le],o=t[0][Ce],j==2?(l=Le,o=Ce):l==o&&(j==3?[l,o]=dn(l,l,_.log,!1):j==4?[l,o]=di(l,l,_.log,!1):_.time?o=l+Ae(86400/B):[l,o]=cn(l,o,hi,!0))):(Le=Zl[0]=
l=null,Ce=Zl[1]=o=null)),Ft(P,l,o)}let Ql,pl,En,An,Pn,Ln,Cn,Dn,Rn,je;function Di(l,o,r,a,f,g){l??=oo,r??=mi,a??="butt",f??=oo,g??="round",l!=Ql&&(m.strokeStyle=
Ql=l),f!=pl&&(m.fillStyle=pl=f),o!=En&&(m.lineWidth=En=o),g!=Pn&&(m.lineJoin=Pn=g),a!=Ln&&(m.lineCap=Ln=a),r!=An&&m.setLineDash(An=r)}function Ri(l,o,r,a){o!=pl&&
(m.fillStyle=pl=o),l!=Cn&&(m.font=Cn=l),r!=Dn&&(m.textAlign=Dn=r),a!=Rn&&(m.textBaseline=Rn=a)}function zn(l,o,r,a,f=0){if(a.length>0&&l.auto(n,zl)&&(o==null||o.
min==null)){let g=ie(Le,0),v=ie(Ce,a.length-1),y=r.min==null?Hr(a,g,v,f,l.distr==3):[r.min,r.max];l.min=vt(l.min,r.min=y[0]),l.max=Ke(l.max,r.max=y[1])}}let zi={
min:null,max:null};function Ys(){for(let a in k){let f=k[a];O[a]==null&&(f.min==null||O[P]!=null&&f.auto(n,zl))&&(O[a]=zi)}for(let a in k){let f=k[a];O[a]==null&&
f.from!=null&&O[f.from]!=null&&(O[a]=zi)}O[P]!=null&&dl(!0);let l={};for(let a in O){let f=O[a];if(f!=null){let g=l[a]=El(k[a],Yr);if(f.min!=null)Me(g,f);else if(a!=
P||s==2)if(Oe==0&&g.from==null){let v=g.range(n,null,null,a);g.min=v[0],g.max=v[1]}else g.min=fe,g.max=-fe}}if(Oe>0){x.forEach((a,f)=>{if(s==1){let g=a.scale,v=O[g];
if(v==null)return;let y=l[g];if(f==0){let S=y.range(n,y.min,y.max,g);y.min=S[0],y.max=S[1],Le=wt(y.min,t[0]),Ce=wt(y.max,t[0]),Ce-Le>1&&(t[0][Le]<y.min&&Le++,t[0][Ce]>
y.max&&Ce--),a.min=dt[Le],a.max=dt[Ce]}else a.show&&a.auto&&zn(y,v,a,t[f],a.sorted);a.idxs[0]=Le,a.idxs[1]=Ce}else if(f>0&&a.show&&a.auto){let[g,v]=a.facets,y=g.
scale,S=v.scale,[M,T]=t[f],A=l[y],$=l[S];A!=null&&zn(A,O[y],g,M,g.sorted),$!=null&&zn($,O[S],v,T,v.sorted),a.min=v.min,a.max=v.max}});for(let a in l){let f=l[a],
g=O[a];if(f.from==null&&(g==null||g.min==null)){let v=f.range(n,f.min==fe?null:f.min,f.max==-fe?null:f.max,a);f.min=v[0],f.max=v[1]}}}for(let a in l){let f=l[a];
if(f.from!=null){let g=l[f.from];if(g.min==null)f.min=f.max=null;else{let v=f.range(n,g.min,g.max,a);f.min=v[0],f.max=v[1]}}}let o={},r=!1;for(let a in l){let f=l[a],
g=k[a];if(g.min!=f.min||g.max!=f.max){g.min=f.min,g.max=f.max;let v=g.distr;g._min=v==3?Lt(g.min):v==4?Jn(g.min,g.asinh):v==100?g.fwd(g.min):g.min,g._max=v==3?Lt(
g.max):v==4?Jn(g.max,g.asinh):v==100?g.fwd(g.max):g.max,o[a]=r=!0}}if(r){x.forEach((a,f)=>{s==2?f>0&&o.y&&(a._paths=null):o[a.scale]&&(a._paths=null)});for(let a in o)
rl=!0,ze("setScale",a);We&&R.left>=0&&($t=ot=!0)}for(let a in O)O[a]=null}function Us(l){let o=ii(Le-1,0,Oe-1),r=ii(Ce+1,0,Oe-1);for(;l[o]==null&&o>0;)o--;for(;l[r]==
null&&r<Oe-1;)r++;return[o,r]}function js(){if(Oe>0){let l=x.some(o=>o._focus)&&je!=St.alpha;l&&(m.globalAlpha=je=St.alpha),x.forEach((o,r)=>{if(r>0&&o.show&&(Fi(
r,!1),Fi(r,!0),o._paths==null)){let a=je;je!=o.alpha&&(m.globalAlpha=je=o.alpha);let f=s==2?[0,t[r][0].length-1]:Us(t[r]);o._paths=o.paths(n,r,f[0],f[1]),je!=a&&
(m.globalAlpha=je=a)}}),x.forEach((o,r)=>{if(r>0&&o.show){let a=je;je!=o.alpha&&(m.globalAlpha=je=o.alpha),o._paths!=null&&Oi(r,!1);{let f=o._paths!=null?o._paths.
gaps:null,g=o.points.show(n,r,Le,Ce,f),v=o.points.filter(n,r,g,f);(g||v)&&(o.points._paths=o.points.paths(n,r,Le,Ce,v),Oi(r,!0))}je!=a&&(m.globalAlpha=je=a),ze(
"drawSeries",r)}}),l&&(m.globalAlpha=je=1)}}function Fi(l,o){let r=o?x[l].points:x[l];r._stroke=r.stroke(n,l),r._fill=r.fill(n,l)}function Oi(l,o){let r=o?x[l].
points:x[l],{stroke:a,fill:f,clip:g,flags:v,_stroke:y=r._stroke,_fill:S=r._fill,_width:M=r.width}=r._paths;M=pe(M*se,3);let T=null,A=M%2/2;o&&S==null&&(S=M>0?"#\
fff":y);let $=r.pxAlign==1&&A>0;if($&&m.translate(A,A),!o){let oe=Je-M/2,ne=it-M/2,Q=Ue+M,G=pt+M;T=new Path2D,T.rect(oe,ne,Q,G)}o?Fn(y,M,r.dash,r.cap,S,a,f,v,g):
qs(l,y,M,r.dash,r.cap,S,a,f,v,T,g),$&&m.translate(-A,-A)}function qs(l,o,r,a,f,g,v,y,S,M,T){let A=!1;S!=0&&q.forEach(($,oe)=>{if($.series[0]==l){let ne=x[$.series[1]],
Q=t[$.series[1]],G=(ne._paths||Kl).band;Vt(G)&&(G=$.dir==1?G[0]:G[1]);let z,me=null;ne.show&&G&&Nr(Q,Le,Ce)?(me=$.fill(n,oe)||g,z=ne._paths.clip):G=null,Fn(o,r,
a,f,me,v,y,S,M,T,z,G),A=!0}}),A||Fn(o,r,a,f,g,v,y,S,M,T)}let Hi=Al|ri;function Fn(l,o,r,a,f,g,v,y,S,M,T,A){Di(l,o,r,a,f),(S||M||A)&&(m.save(),S&&m.clip(S),M&&m.
clip(M)),A?(y&Hi)==Hi?(m.clip(A),T&&m.clip(T),en(f,v),Xl(l,g,o)):y&ri?(en(f,v),m.clip(A),Xl(l,g,o)):y&Al&&(m.save(),m.clip(A),T&&m.clip(T),en(f,v),m.restore(),Xl(
l,g,o)):(en(f,v),Xl(l,g,o)),(S||M||A)&&m.restore()}function Xl(l,o,r){r>0&&(o instanceof Map?o.forEach((a,f)=>{m.strokeStyle=Ql=f,m.stroke(a)}):o!=null&&l&&m.stroke(
o))}function en(l,o){o instanceof Map?o.forEach((r,a)=>{m.fillStyle=pl=a,m.fill(r)}):o!=null&&l&&m.fill(o)}function Js(l,o,r,a){let f=V[l],g;if(a<=0)g=[0,0];else{
let v=f._space=f.space(n,l,o,r,a),y=f._incrs=f.incrs(n,l,o,r,a,v);g=su(o,r,y,a,v)}return f._found=g}function On(l,o,r,a,f,g,v,y,S,M){let T=v%2/2;H==1&&m.translate(
T,T),Di(y,v,S,M,y),m.beginPath();let A,$,oe,ne,Q=f+(a==0||a==3?-g:g);r==0?($=f,ne=Q):(A=f,oe=Q);for(let G=0;G<l.length;G++)o[G]!=null&&(r==0?A=oe=l[G]:$=ne=l[G],
m.moveTo(A,$),m.lineTo(oe,ne));m.stroke(),H==1&&m.translate(-T,-T)}function Zs(l){let o=!0;return V.forEach((r,a)=>{if(!r.show)return;let f=k[r.scale];if(f.min==
null){r._show&&(o=!1,r._show=!1,dl(!1));return}else r._show||(o=!1,r._show=!0,dl(!1));let g=r.side,v=g%2,{min:y,max:S}=f,[M,T]=Js(a,y,S,v==0?U:E);if(T==0)return;
let A=f.distr==2,$=r._splits=r.splits(n,a,y,S,M,T,A),oe=f.distr==2?$.map(z=>dt[z]):$,ne=f.distr==2?dt[$[1]]-dt[$[0]]:M,Q=r._values=r.values(n,r.filter(n,oe,a,T,
ne),a,T,ne);r._rotate=g==2?r.rotate(n,Q,a,T):0;let G=r._size;r._size=ct(r.size(n,Q,a,l)),G!=null&&r._size!=G&&(o=!1)}),o}function Qs(l){let o=!0;return Li.forEach(
(r,a)=>{let f=r(n,a,Yt,l);f!=Rt[a]&&(o=!1),Rt[a]=f}),o}function Xs(){for(let l=0;l<V.length;l++){let o=V[l];if(!o.show||!o._show)continue;let r=o.side,a=r%2,f,g,
v=o.stroke(n,l),y=r==0||r==3?-1:1,[S,M]=o._found;if(o.label!=null){let Ie=o.labelGap*y,Xe=Ae((o._lpos+Ie)*se);Ri(o.labelFont[0],v,"center",r==2?"top":io),m.save(),
a==1?(f=g=0,m.translate(Xe,Ae(it+pt/2)),m.rotate((r==3?-an:an)/2)):(f=Ae(Je+Ue/2),g=Xe);let qt=jo(o.label)?o.label(n,l,S,M):o.label;m.fillText(qt,f,g),m.restore()}
if(M==0)continue;let T=k[o.scale],A=a==0?Ue:pt,$=a==0?Je:it,oe=o._splits,ne=T.distr==2?oe.map(Ie=>dt[Ie]):oe,Q=T.distr==2?dt[oe[1]]-dt[oe[0]]:S,G=o.ticks,z=o.border,
me=G.show?G.size:0,xe=Ae(me*se),Fe=Ae((o.alignTo==2?o._size-me-o.gap:o.gap)*se),ce=o._rotate*-an/180,ke=W(o._pos*se),Ze=(xe+Fe)*y,Be=ke+Ze;g=a==0?Be:0,f=a==1?Be:
0;let rt=o.font[0],ht=o.align==1?xl:o.align==2?Un:ce>0?xl:ce<0?Un:a==0?"center":r==3?Un:xl,_t=ce||a==1?"middle":r==2?"top":io;Ri(rt,v,ht,_t);let Qe=o.font[1]*o.
lineGap,at=oe.map(Ie=>W(p(Ie,T,A,$))),gt=o._values;for(let Ie=0;Ie<gt.length;Ie++){let Xe=gt[Ie];if(Xe!=null){a==0?f=at[Ie]:g=at[Ie],Xe=""+Xe;let qt=Xe.indexOf(
`
`)==-1?[Xe]:Xe.split(/\n/gm);for(let $e=0;$e<qt.length;$e++){let lo=qt[$e];ce?(m.save(),m.translate(f,g+$e*Qe),m.rotate(ce),m.fillText(lo,0,0),m.restore()):m.fillText(
lo,f,g+$e*Qe)}}}G.show&&On(at,G.filter(n,ne,l,M,Q),a,r,ke,xe,pe(G.width*se,3),G.stroke(n,l),G.dash,G.cap);let Mt=o.grid;Mt.show&&On(at,Mt.filter(n,ne,l,M,Q),a,a==
0?2:1,a==0?it:Je,a==0?pt:Ue,pe(Mt.width*se,3),Mt.stroke(n,l),Mt.dash,Mt.cap),z.show&&On([ke],[1],a==0?1:0,a==0?1:2,a==1?it:Je,a==1?pt:Ue,pe(z.width*se,3),z.stroke(
n,l),z.dash,z.cap)}ze("drawAxes")}function dl(l){x.forEach((o,r)=>{r>0&&(o._paths=null,l&&(s==1?(o.min=null,o.max=null):o.facets.forEach(a=>{a.min=null,a.max=null})))})}
let tn=!1,Hn=!1,Fl=[];function er(){Hn=!1;for(let l=0;l<Fl.length;l++)ze(...Fl[l]);Fl.length=0}function hl(){tn||(Xr(Vi),tn=!0)}function tr(l,o=!1){tn=!0,Hn=o,l(
n),Vi(),o&&Fl.length>0&&queueMicrotask(er)}n.batch=tr;function Vi(){if(_n&&(Ys(),_n=!1),rl&&(Ns(),rl=!1),ql){if(we(C,xl,de),we(C,"top",Ee),we(C,Gl,U),we(C,Bl,E),
we(L,xl,de),we(L,"top",Ee),we(L,Gl,U),we(L,Bl,E),we(w,Gl,At),we(w,Bl,Gt),b.width=Ae(At*se),b.height=Ae(Gt*se),V.forEach(({_el:l,_show:o,_size:r,_pos:a,side:f})=>{
if(l!=null)if(o){let g=f===3||f===0?r:0,v=f%2==1;we(l,v?"left":"top",a-g),we(l,v?"width":"height",r),we(l,v?"top":"left",v?Ee:de),we(l,v?"height":"width",v?E:U),
li(l,Qt)}else et(l,Qt)}),Ql=pl=En=Pn=Ln=Cn=Dn=Rn=An=null,je=1,Vl(!0),de!=sl||Ee!=Bt||U!=yt||E!=It){dl(!1);let l=U/yt,o=E/It;if(We&&!$t&&R.left>=0){R.left*=l,R.top*=
o,gl&&Tt(gl,Ae(R.left),0,U,E),ml&&Tt(ml,0,Ae(R.top),U,E);for(let r=0;r<st.length;r++){let a=st[r];a!=null&&(cl[r]*=l,fl[r]*=o,Tt(a,ct(cl[r]),ct(fl[r]),U,E))}}if(ge.
show&&!Jl&&ge.left>=0&&ge.width>0){ge.left*=l,ge.width*=l,ge.top*=o,ge.height*=o;for(let r in In)we(bl,r,ge[r])}sl=de,Bt=Ee,yt=U,It=E}ze("setSize"),ql=!1}At>0&&
Gt>0&&(m.clearRect(0,0,b.width,b.height),ze("drawClear"),Y.forEach(l=>l()),ze("draw")),ge.show&&Jl&&(ln(ge),Jl=!1),We&&$t&&(jt(null,!0,!1),$t=!1),Z.show&&Z.live&&
ot&&(Gn(),ot=!1),d||(d=!0,n.status=1,ze("ready")),zl=!1,tn=!1}n.redraw=(l,o)=>{rl=o||!1,l!==!1?Ft(P,_.min,_.max):hl()};function Vn(l,o){let r=k[l];if(r.from==null){
if(Oe==0){let a=r.range(n,o.min,o.max,l);o.min=a[0],o.max=a[1]}if(o.min>o.max){let a=o.min;o.min=o.max,o.max=a}if(Oe>1&&o.min!=null&&o.max!=null&&o.max-o.min<1e-16)
return;l==P&&r.distr==2&&Oe>0&&(o.min=wt(o.min,t[0]),o.max=wt(o.max,t[0]),o.min==o.max&&o.max++),O[l]=o,_n=!0,hl()}}n.setScale=Vn;let Nn,Wn,gl,ml,Ni,Wi,wl,vl,Gi,
Bi,he,ye,zt=!1,He=R.drag,De=He.x,Re=He.y;We&&(R.x&&(Nn=ut(kr,L)),R.y&&(Wn=ut(_r,L)),_.ori==0?(gl=Nn,ml=Wn):(gl=Wn,ml=Nn),he=R.left,ye=R.top);let ge=n.select=Me(
{show:!0,over:!0,left:0,width:0,top:0,height:0},e.select),bl=ge.show?ut(xr,ge.over?L:C):null;function ln(l,o){if(ge.show){for(let r in l)ge[r]=l[r],r in In&&we(
bl,r,l[r]);o!==!1&&ze("setSelect")}}n.setSelect=ln;function lr(l){if(x[l].show)Te&&li(Se[l],Qt);else if(Te&&et(Se[l],Qt),We){let r=ul?st[0]:st[l];r!=null&&Tt(r,
-10,-10,U,E)}}function Ft(l,o,r){Vn(l,{min:o,max:r})}function xt(l,o,r,a){o.focus!=null&&rr(l),o.show!=null&&x.forEach((f,g)=>{g>0&&(l==g||l==null)&&(f.show=o.show,
lr(g),s==2?(Ft(f.facets[0].scale,null,null),Ft(f.facets[1].scale,null,null)):Ft(f.scale,null,null),hl())}),r!==!1&&ze("setSeries",l,o),a&&Nl("setSeries",n,l,o)}
n.setSeries=xt;function nr(l,o){Me(q[l],o)}function ir(l,o){l.fill=ee(l.fill||null),l.dir=ie(l.dir,-1),o=o??q.length,q.splice(o,0,l)}function or(l){l==null?q.length=
0:q.splice(l,1)}n.addBand=ir,n.setBand=nr,n.delBand=or;function sr(l,o){x[l].alpha=o,We&&st[l]!=null&&(st[l].style.opacity=o),Te&&Se[l]&&(Se[l].style.opacity=o)}
let Pt,Ot,Ut,yl={focus:!0};function rr(l){if(l!=Ut){let o=l==null,r=St.alpha!=1;x.forEach((a,f)=>{if(s==1||f>0){let g=o||f==0||f==l;a._focus=o?null:g,r&&sr(f,g?
1:St.alpha)}}),Ut=l,r&&hl()}}Te&&al&&Ge(ao,re,l=>{R._lock||(Kt(l),Ut!=null&&xt(null,yl,!0,_e.setSeries))});function kt(l,o,r){let a=k[o];r&&(l=l/se-(a.ori==1?Ee:
de));let f=U;a.ori==1&&(f=E,l=f-l),a.dir==-1&&(l=f-l);let g=a._min,v=a._max,y=l/f,S=g+(v-g)*y,M=a.distr;return M==3?Ml(10,S):M==4?Gr(S,a.asinh):M==100?a.bwd(S):
S}function ar(l,o){let r=kt(l,P,o);return wt(r,t[0],Le,Ce)}n.valToIdx=l=>wt(l,t[0]),n.posToIdx=ar,n.posToVal=kt,n.valToPos=(l,o,r)=>k[o].ori==0?u(l,k[o],r?Ue:U,
r?Je:0):c(l,k[o],r?pt:E,r?it:0),n.setCursor=(l,o,r)=>{he=l.left,ye=l.top,jt(null,o,r)};function Ii(l,o){we(bl,xl,ge.left=l),we(bl,Gl,ge.width=o)}function $i(l,o){
we(bl,"top",ge.top=l),we(bl,Bl,ge.height=o)}let Ol=_.ori==0?Ii:$i,Hl=_.ori==1?Ii:$i;function ur(){if(Te&&Z.live)for(let l=s==2?1:0;l<x.length;l++){if(l==0&&nt)continue;
let o=Z.values[l],r=0;for(let a in o)bt[l][r++].firstChild.nodeValue=o[a]}}function Gn(l,o){if(l!=null&&(l.idxs?l.idxs.forEach((r,a)=>{ue[a]=r}):Kr(l.idx)||ue.fill(
l.idx),Z.idx=ue[0]),Te&&Z.live){for(let r=0;r<x.length;r++)(r>0||s==1&&!nt)&&cr(r,ue[r]);ur()}ot=!1,o!==!1&&ze("setLegend")}n.setLegend=Gn;function cr(l,o){let r=x[l],
a=l==0&&j==2?dt:t[l],f;nt?f=r.values(n,l,o)??Dt:(f=r.value(n,o==null?null:a[o],l,o),f=f==null?Dt:{_:f}),Z.values[l]=f}function jt(l,o,r){Gi=he,Bi=ye,[he,ye]=R.move(
n,he,ye),R.left=he,R.top=ye,We&&(gl&&Tt(gl,Ae(he),0,U,E),ml&&Tt(ml,0,Ae(ye),U,E));let a,f=Le>Ce;Pt=fe,Ot=null;let g=_.ori==0?U:E,v=_.ori==1?U:E;if(he<0||Oe==0||
f){a=R.idx=null;for(let y=0;y<x.length;y++){let S=st[y];S!=null&&Tt(S,-10,-10,U,E)}al&&xt(null,yl,!0,l==null&&_e.setSeries),Z.live&&(ue.fill(a),ot=!0)}else{let y,
S,M;s==1&&(y=_.ori==0?he:ye,S=kt(y,P),a=R.idx=wt(S,t[0],Le,Ce),M=D(t[0][a],_,g,0));let T=-10,A=-10,$=0,oe=0,ne=!0,Q="",G="";for(let z=s==2?1:0;z<x.length;z++){let me=x[z],
xe=ue[z],Fe=xe==null?null:s==1?t[z][xe]:t[z][1][xe],ce=R.dataIdx(n,z,a,S),ke=ce==null?null:s==1?t[z][ce]:t[z][1][ce];if(ot=ot||ke!=Fe||ce!=xe,ue[z]=ce,z>0&&me.show){
let Ze=ce==null?-10:ce==a?M:D(s==1?t[0][ce]:t[z][0][ce],_,g,0),Be=ke==null?-10:I(ke,s==1?k[me.scale]:k[me.facets[1].scale],v,0);if(al&&ke!=null){let rt=_.ori==1?
he:ye,ht=Pe(St.dist(n,z,ce,Be,rt));if(ht<Pt){let _t=St.bias;if(_t!=0){let Qe=kt(rt,me.scale),at=ke>=0?1:-1,gt=Qe>=0?1:-1;gt==at&&(gt==1?_t==1?ke>=Qe:ke<=Qe:_t==
1?ke<=Qe:ke>=Qe)&&(Pt=ht,Ot=z)}else Pt=ht,Ot=z}}if(ot||ul){let rt,ht;_.ori==0?(rt=Ze,ht=Be):(rt=Be,ht=Ze);let _t,Qe,at,gt,Mt,Ie,Xe=!0,qt=Ne.bbox;if(qt!=null){Xe=
!1;let $e=qt(n,z);at=$e.left,gt=$e.top,_t=$e.width,Qe=$e.height}else at=rt,gt=ht,_t=Qe=Ne.size(n,z);if(Ie=Ne.fill(n,z),Mt=Ne.stroke(n,z),ul)z==Ot&&Pt<=St.prox&&
(T=at,A=gt,$=_t,oe=Qe,ne=Xe,Q=Ie,G=Mt);else{let $e=st[z];$e!=null&&(cl[z]=at,fl[z]=gt,mo($e,_t,Qe,Xe),ho($e,Ie,Mt),Tt($e,ct(at),ct(gt),U,E))}}}}if(ul){let z=St.
prox,me=Ut==null?Pt<=z:Pt>z||Ot!=Ut;if(ot||me){let xe=st[0];xe!=null&&(cl[0]=T,fl[0]=A,mo(xe,$,oe,ne),ho(xe,Q,G),Tt(xe,ct(T),ct(A),U,E))}}}if(ge.show&&zt)if(l!=
null){let[y,S]=_e.scales,[M,T]=_e.match,[A,$]=l.cursor.sync.scales,oe=l.cursor.drag;if(De=oe._x,Re=oe._y,De||Re){let{left:ne,top:Q,width:G,height:z}=l.select,me=l.
scales[A].ori,xe=l.posToVal,Fe,ce,ke,Ze,Be,rt=y!=null&&M(y,A),ht=S!=null&&T(S,$);rt&&De?(me==0?(Fe=ne,ce=G):(Fe=Q,ce=z),ke=k[y],Ze=D(xe(Fe,A),ke,g,0),Be=D(xe(Fe+
ce,A),ke,g,0),Ol(vt(Ze,Be),Pe(Be-Ze))):Ol(0,g),ht&&Re?(me==1?(Fe=ne,ce=G):(Fe=Q,ce=z),ke=k[S],Ze=I(xe(Fe,$),ke,v,0),Be=I(xe(Fe+ce,$),ke,v,0),Hl(vt(Ze,Be),Pe(Be-
Ze))):Hl(0,v)}else $n()}else{let y=Pe(Gi-Ni),S=Pe(Bi-Wi);if(_.ori==1){let $=y;y=S,S=$}De=He.x&&y>=He.dist,Re=He.y&&S>=He.dist;let M=He.uni;M!=null?De&&Re&&(De=y>=
M,Re=S>=M,!De&&!Re&&(S>y?Re=!0:De=!0)):He.x&&He.y&&(De||Re)&&(De=Re=!0);let T,A;De&&(_.ori==0?(T=wl,A=he):(T=vl,A=ye),Ol(vt(T,A),Pe(A-T)),Re||Hl(0,v)),Re&&(_.ori==
1?(T=wl,A=he):(T=vl,A=ye),Hl(vt(T,A),Pe(A-T)),De||Ol(0,g)),!De&&!Re&&(Ol(0,0),Hl(0,0))}if(He._x=De,He._y=Re,l==null){if(r){if(to!=null){let[y,S]=_e.scales;_e.values[0]=
y!=null?kt(_.ori==0?he:ye,y):null,_e.values[1]=S!=null?kt(_.ori==1?he:ye,S):null}Nl(jn,n,he,ye,U,E,a)}if(al){let y=r&&_e.setSeries,S=St.prox;Ut==null?Pt<=S&&xt(
Ot,yl,!0,y):Pt>S?xt(null,yl,!0,y):Ot!=Ut&&xt(Ot,yl,!0,y)}}ot&&(Z.idx=a,Gn()),o!==!1&&ze("setCursor")}let Ht=null;Object.defineProperty(n,"rect",{get(){return Ht==
null&&Vl(!1),Ht}});function Vl(l=!1){l?Ht=null:(Ht=L.getBoundingClientRect(),ze("syncRect",Ht))}function Ki(l,o,r,a,f,g,v){R._lock||zt&&l!=null&&l.movementX==0&&
l.movementY==0||(Bn(l,o,r,a,f,g,v,!1,l!=null),l!=null?jt(null,!0,!0):jt(o,!0,!1))}function Bn(l,o,r,a,f,g,v,y,S){if(Ht==null&&Vl(!1),Kt(l),l!=null)r=l.clientX-Ht.
left,a=l.clientY-Ht.top;else{if(r<0||a<0){he=-10,ye=-10;return}let[M,T]=_e.scales,A=o.cursor.sync,[$,oe]=A.values,[ne,Q]=A.scales,[G,z]=_e.match,me=o.axes[0].side%
2==1,xe=_.ori==0?U:E,Fe=_.ori==1?U:E,ce=me?g:f,ke=me?f:g,Ze=me?a:r,Be=me?r:a;if(ne!=null?r=G(M,ne)?p($,k[M],xe,0):-10:r=xe*(Ze/ce),Q!=null?a=z(T,Q)?p(oe,k[T],Fe,
0):-10:a=Fe*(Be/ke),_.ori==1){let rt=r;r=a,a=rt}}S&&(o==null||o.cursor.event.type==jn)&&((r<=1||r>=U-1)&&(r=Jt(r,U)),(a<=1||a>=E-1)&&(a=Jt(a,E))),y?(Ni=r,Wi=a,[
wl,vl]=R.move(n,r,a)):(he=r,ye=a)}let In={width:0,height:0,left:0,top:0};function $n(){ln(In,!1)}let Yi,Ui,ji,qi;function Ji(l,o,r,a,f,g,v){zt=!0,De=Re=He._x=He.
_y=!1,Bn(l,o,r,a,f,g,v,!0,!1),l!=null&&(Ge(qn,ei,Zi,!1),Nl(so,n,wl,vl,U,E,null));let{left:y,top:S,width:M,height:T}=ge;Yi=y,Ui=S,ji=M,qi=T}function Zi(l,o,r,a,f,g,v){
zt=He._x=He._y=!1,Bn(l,o,r,a,f,g,v,!1,!0);let{left:y,top:S,width:M,height:T}=ge,A=M>0||T>0,$=Yi!=y||Ui!=S||ji!=M||qi!=T;if(A&&$&&ln(ge),He.setScale&&A&&$){let oe=y,
ne=M,Q=S,G=T;if(_.ori==1&&(oe=S,ne=T,Q=y,G=M),De&&Ft(P,kt(oe,P),kt(oe+ne,P)),Re)for(let z in k){let me=k[z];z!=P&&me.from==null&&me.min!=fe&&Ft(z,kt(Q+G,z),kt(Q,
z))}$n()}else R.lock&&(R._lock=!R._lock,jt(o,!0,l!=null));l!=null&&(ol(qn,ei),Nl(qn,n,he,ye,U,E,null))}function fr(l,o,r,a,f,g,v){if(R._lock)return;Kt(l);let y=zt;
if(zt){let S=!0,M=!0,T=10,A,$;_.ori==0?(A=De,$=Re):(A=Re,$=De),A&&$&&(S=he<=T||he>=U-T,M=ye<=T||ye>=E-T),A&&S&&(he=he<wl?0:U),$&&M&&(ye=ye<vl?0:E),jt(null,!0,!0),
zt=!1}he=-10,ye=-10,ue.fill(null),jt(null,!0,!0),y&&(zt=y)}function Qi(l,o,r,a,f,g,v){R._lock||(Kt(l),Tn(),$n(),l!=null&&Nl(uo,n,he,ye,U,E,null))}function Xi(){
V.forEach(ru),Mn(n.width,n.height,!0)}Xt(un,_l,Xi);let Sl={};Sl.mousedown=Ji,Sl.mousemove=Ki,Sl.mouseup=Zi,Sl.dblclick=Qi,Sl.setSeries=(l,o,r,a)=>{let f=_e.match[2];
r=f(n,o,r),r!=-1&&xt(r,a,!0,!1)},We&&(Ge(so,L,Ji),Ge(jn,L,Ki),Ge(ro,L,l=>{Kt(l),Vl(!1)}),Ge(ao,L,fr),Ge(uo,L,Qi),ai.add(n),n.syncRect=Vl);let nn=n.hooks=e.hooks||
{};function ze(l,o,r){Hn?Fl.push([l,o,r]):l in nn&&nn[l].forEach(a=>{a.call(null,n,o,r)})}(e.plugins||[]).forEach(l=>{for(let o in l.hooks)nn[o]=(nn[o]||[]).concat(
l.hooks[o])});let eo=(l,o,r)=>r,_e=Me({key:null,setSeries:!1,filters:{pub:So,sub:So},scales:[P,x[1]?x[1].scale:null],match:[xo,xo,eo],values:[null,null]},R.sync);
_e.match.length==2&&_e.match.push(eo),R.sync=_e;let to=_e.key,Kn=vs(to);function Nl(l,o,r,a,f,g,v){_e.filters.pub(l,o,r,a,f,g,v)&&Kn.pub(l,o,r,a,f,g,v)}Kn.sub(n);
function pr(l,o,r,a,f,g,v){_e.filters.sub(l,o,r,a,f,g,v)&&Sl[l](null,o,r,a,f,g,v)}n.pub=pr;function dr(){Kn.unsub(n),ai.delete(n),Wt.clear(),ni(un,_l,Xi),h.remove(),
re?.remove(),ze("destroy")}n.destroy=dr;function Yn(){ze("init",e,t),Ci(t||e.data,!1),O[P]?Vn(P,O[P]):Tn(),Jl=ge.show&&(ge.width>0||ge.height>0),$t=ot=!0,Mn(e.width,
e.height)}return x.forEach(Pi),V.forEach(Ks),i?i instanceof HTMLElement?(i.appendChild(h),Yn()):i(n,Yn):Yn(),n}Ve.assign=Me;Ve.fmtNum=gi;Ve.rangeNum=cn;Ve.rangeLog=
dn;Ve.rangeAsinh=di;Ve.orient=tl;Ve.pxRatio=se;Ve.join=Qr;Ve.fmtDate=wi,Ve.tzDate=ua;Ve.sync=vs;{Ve.addGap=Ka,Ve.clipGaps=mn;let e=Ve.paths={points:_s};e.linear=
Ts,e.stepped=ja,e.bars=qa,e.spline=Za}function N(e,t={},...i){let n=document.createElement(e);for(let[s,u]of Object.entries(t))u===!1||u===null||u===void 0||n.setAttribute(s,u===!0?"":String(u));return n.
append(...i.filter(s=>!!s||s==="")),n}function _i(e,t,i={}){let n=N("button",{type:"button",class:`loopai-button ${i.class??""}`.trim(),title:i.title??null,"aria-keyshortcuts":i.key??null},e,i.key!==
void 0&&N("kbd",{"aria-hidden":"true"},i.key));return n.addEventListener("click",t),n}function ll(e){return e<1e3?`${Math.round(e)} ms`:`${(e/1e3).toFixed(1)} s`}function yn(e){let t=Math.round(e),i=s=>String(s).padStart(2,"0");if(t<60)return e<10&&
e%1>.05&&e%1<.95?`${e.toFixed(1)} s`:`${t} s`;if(t<3600)return`${Math.floor(t/60)}:${i(t%60)} min`;let n=Math.round(t/60);return`${Math.floor(n/60)}:${i(n%60)} \
h`}function Ls(e,t){let i=(t-e)/2.2,n=10**Math.floor(Math.log10(i)),s=([1,2,2.5,5].findLast(c=>c*n<=i)??1)*n,u=[];for(let c=Math.ceil(e/s)*s;c<=t;c+=s)u.push(c);
return u}var Rs=112,au=12,uu=400,Sn=class{element=N("figure",{class:"loopai-chart",hidden:!0});canvas=N("div",{class:"canvas",role:"img"});table=N("tbody");details=N("de\
tails",{},N("summary",{},"Latency over time as numbers"));sizes;themes;plot=null;course=null;colours="";constructor(){let t=["after","answers/s","p50","p95"].map(
n=>N("th",{scope:"col"},n));this.details.append(N("table",{},N("thead",{},N("tr",{},...t)),this.table)),this.details.addEventListener("toggle",()=>this.fillTable());
let i=N("figcaption",{class:"loopai-quiet"},"Latency ",N("span",{class:"key p50"},N("i",{"aria-hidden":"true"}),"p50"),N("span",{class:"key p95"},N("i",{"aria-h\
idden":"true"}),"p95"));this.element.append(i,this.canvas,this.details),this.sizes=new ResizeObserver(()=>this.resize()),this.sizes.observe(this.canvas),this.themes=
new MutationObserver(()=>window.setTimeout(()=>this.recolour(),uu)),this.themes.observe(document.body,{attributes:!0,attributeFilter:["data-jp-theme-light","cla\
ss"]})}show(t){this.course=t;let i=t.p50_ms.filter(n=>n!==null).length;this.element.hidden=i<2,!(i<2)&&(this.canvas.setAttribute("aria-label",cu(t)),this.plot===
null?this.redraw():this.plot.setData(Cs(t)),this.recolour(),this.fillTable())}close(){this.sizes.disconnect(),this.themes.disconnect(),this.plot?.destroy(),this.
plot=null}resize(){let t=this.canvas.clientWidth;t!==0&&(this.plot===null?this.redraw():this.plot.width!==t&&this.plot.setSize({width:t,height:Rs}))}recolour(){
this.plot!==null&&Object.values(Ds(this.canvas)).join()!==this.colours&&this.redraw()}redraw(){let t=this.canvas.clientWidth;if(this.course===null||t===0)return;
this.plot?.destroy();let i=Ds(this.canvas);this.colours=Object.values(i).join(),this.plot=new Ve(fu(t,this.canvas,i),Cs(this.course),this.canvas)}fillTable(){if(!this.
details.open||this.course===null)return;let{at_s:t,per_s:i,p50_ms:n,p95_ms:s}=this.course,u=t.map((d,h)=>h).filter(d=>n[d]!==null),c=Math.ceil(u.length/au),p=u.
filter((d,h)=>(u.length-1-h)%c===0);this.table.replaceChildren(...p.map(d=>N("tr",{},N("td",{},yn(t[d])),N("td",{},i[d].toFixed(1)),N("td",{},ll(n[d])),N("td",{},
ll(s[d])))))}};function Cs({at_s:e,p50_ms:t,p95_ms:i}){return[e,t,i]}function cu({at_s:e,p50_ms:t,p95_ms:i}){let n=t.findLastIndex(u=>u!==null),s=Math.max(...i.
map(u=>u??0));return`Latency over ${yn(e.at(-1)??0)}: lately p50 ${ll(t[n])}, p95 ${ll(i[n])}; at most ${ll(s)}`}function fu(e,t,{ink:i,rule:n,p50:s,p95:u}){let c=`\
11px ${getComputedStyle(t).fontFamily}`,p={stroke:n,width:1},d={width:1.75,spanGaps:!0,points:{show:!1}};return{width:e,height:Rs,padding:[8,14,0,0],legend:{show:!1},
cursor:{show:!1},select:{show:!1,left:0,top:0,width:0,height:0},scales:{x:{time:!1,range:(h,b,m)=>[0,m]},y:{range:(h,b,m)=>[0,Math.max(1,m*1.08)]}},axes:[{stroke:i,
font:c,size:24,gap:4,grid:{show:!1},ticks:{...p,size:4},space:70,values:(h,b)=>b.map(yn)},{stroke:i,font:c,size:62,gap:6,grid:p,ticks:{show:!1},splits:(h,b,m,w)=>Ls(
m,w),values:(h,b)=>b.map(ll)}],series:[{},{...d,label:"p50",stroke:s},{...d,label:"p95",stroke:u,dash:[5,3]}]}}function Ds(e){let t=N("span",{hidden:!0});e.append(
t);let i=s=>(t.style.color=`var(${s})`,getComputedStyle(t).color),n={ink:i("--loopai-quiet"),rule:i("--loopai-line"),p50:i("--loopai-accent"),p95:i("--loopai-wa\
rn")};return t.remove(),n}var Ul=class extends Error{},xn=class{constructor(t){this.model=t;t.on("msg:custom",this.receive)}model;waiting=new Map;heard=new Map;name=Math.random().toString(
36).slice(2,10);asked=0;ask(t,i={}){let n=`${this.name}-${this.asked+=1}`;return new Promise((s,u)=>{this.waiting.set(n,{resolve:s,reject:u});let c=()=>this.model.
send({...i,id:n,kind:t});t==="open"?Mi(c,()=>!this.waiting.has(n)):c()})}hear(t,i){this.heard.set(t,i)}close(){this.model.off("msg:custom",this.receive),this.waiting.
clear()}receive=t=>{let i=t;if(i.push!==void 0){this.heard.get(i.push)?.(i.data);return}let n=i.id===void 0?void 0:this.waiting.get(i.id);i.id===void 0||n===void 0||
(this.waiting.delete(i.id),i.error===void 0?n.resolve(i.ok):n.reject(new Ul(i.error)))}};function zs({model:e}){let t=!1,i=n=>{t||=n.push==="met",t&&e.off("msg:\
custom",i)};e.on("msg:custom",i),Mi(()=>e.send({kind:"hello"}),()=>t)}var pu=400,du=25;function Mi(e,t,i=du){e(),i>1&&window.setTimeout(()=>t()||Mi(e,t,i-1),pu)}function hu(e){return e.altKey?"":e.ctrlKey||e.metaKey?e.key==="Enter"?"Ctrl+Enter":"":e.key}var gu=new Set(["INPUT","TEXTAREA","SELECT"]);function Fs(e,t,i={}){
e.tabIndex=0,e.setAttribute("data-lm-suppress-shortcuts","true"),e.addEventListener("focusin",n=>{n.target.setAttribute("data-lm-suppress-shortcuts","true")}),e.
addEventListener("keydown",n=>{n.stopPropagation();let s=n.target,u=hu(n),c=gu.has(s.tagName);if(s.tagName==="TEXTAREA"&&u==="Enter"||!c&&s.tagName==="BUTTON"&&
(u==="Enter"||u===" "))return;let p=(c?i:t)[u];p===void 0||u===""||(n.preventDefault(),p())})}var Os=[["cached","from the ledger"],["answered","answered"],["failed","failed"],["in_flight","in flight"],["to_go","to go"]],Hs=25,Ti=class{kernel;root=N("sect\
ion",{class:"loopai-panel loopai-progress","aria-label":"Run that is being carried out"});title=N("h3");what=N("span",{class:"what loopai-quiet"});state=N("span",
{class:"state"});bar=N("div",{class:"bar",role:"progressbar","aria-valuemin":0,"aria-valuemax":100,"aria-label":"Requests that are done"});legend=N("ul",{class:"\
legend"});figures=N("dl",{class:"figures"});server=N("p",{class:"server"});warnings=N("ul",{class:"warnings",role:"alert"});said=N("div",{class:"said loopai-bad",
role:"alert"});heard=N("div",{class:"loopai-hidden",role:"status"});pauseButton=_i("Pause",()=>{this.turn()},{class:"loopai-main",key:"p"});cancelButton=_i("Can\
cel",()=>{this.cancel()},{key:"c",title:"what is answered is kept, and the run can be resumed"});chart=new Sn;fills=new Map;counts=new Map;shown=null;told="";busy=!1;constructor({
model:t,el:i}){this.kernel=new xn(t),this.root.append(N("p",{class:"said"},"Looking at the run …")),i.append(this.root),this.kernel.hear("progress",n=>this.fill(
n)),this.kernel.hear("chart",n=>this.chart.show(n)),Fs(this.root,{p:()=>{this.turn()},c:()=>{this.cancel()}}),this.open()}close(){this.chart.close(),this.kernel.
close()}async open(){let{run:t,what:i,progress:n,chart:s}=await this.kernel.ask("open");this.title.textContent=`Run ${t}`,this.what.textContent=i,this.root.setAttribute(
"aria-label",`Run ${t}`);for(let[u,c]of Os)this.addPart(u,c);this.root.replaceChildren(N("div",{class:"head"},this.title,this.what,this.state),N("div",{class:"h\
ow-far"},this.bar,this.legend),this.figures,this.chart.element,this.warnings,N("div",{class:"foot"},this.pauseButton,this.cancelButton,this.server),this.said,this.
heard),this.fill(this.shown??n),this.chart.show(s)}addPart(t,i){let n=N("b");if(this.counts.set(t,n),this.legend.append(N("li",{class:`part ${t}`},N("i",{"aria-\
hidden":"true"}),n,i)),t==="to_go")return;let s=N("div",{class:`part ${t}`});this.fills.set(t,s),this.bar.append(s)}fill(t){let i=this.shown;if(this.shown=t,this.
fills.size===0)return;let{parts:n,total:s,state:u,percent:c}=t;for(let[p]of Os){let d=n[p];this.counts.get(p).textContent=d.toLocaleString("en"),this.counts.get(
p).parentElement.hidden=d===0&&p!=="answered";let h=this.fills.get(p);h?.classList.toggle("some",d>0),h!==void 0&&(h.style.flexGrow=String(s===0?0:d/s))}this.bar.
setAttribute("aria-valuenow",String(c)),this.bar.setAttribute("aria-valuetext",`${c}%, ${t.says}`),this.root.dataset.state=u,this.state.textContent=t.says,this.
server.textContent=t.server,this.fillFigures(t.figures),(i===null||i.warnings.length!==t.warnings.length||this.warnings.childElementCount===0)&&(this.warnings.replaceChildren(
...t.warnings.map(p=>N("li",{},p))),this.warnings.hidden=t.warnings.length===0),this.tellButtons(),this.tell(t)}fillFigures(t){for(;this.figures.childElementCount<
t.length;){let i=N("div",{class:"meter",role:"meter","aria-label":"spent of the budget","aria-valuemin":0,"aria-valuemax":100},N("div"));this.figures.append(N("\
div",{},N("dt"),N("dd",{},N("div",{class:"value"}),i,N("div",{class:"note"}))))}t.forEach((i,n)=>{let s=this.figures.children[n];kn(s.querySelector("dt"),i.name),
kn(s.querySelector(".value"),i.value),kn(s.querySelector(".note"),i.note);let u=s.querySelector(".meter");u.hidden=i.used===null;let c=Math.round(Math.min(1,i.used??
0)*100);u.setAttribute("aria-valuenow",String(c)),u.classList.toggle("near",(i.used??0)>=.8),u.firstElementChild.style.width=`${c}%`})}tellButtons(){let t=this.
shown?.state??"running";kn(this.pauseButton.firstChild,t==="paused"?"Go on":"Pause");let i=t==="ending";i&&this.root.contains(document.activeElement)&&this.root.
focus({preventScroll:!0}),this.pauseButton.disabled=i,this.cancelButton.disabled=i}tell({state:t,says:i,percent:n}){let s=Math.floor(n/Hs)*Hs,u=`${t} ${s}`;u!==
this.told&&(this.told=u,this.heard.textContent=`${i}, ${s}% done`)}async turn(){this.busy||this.pauseButton.disabled||this.shown===null||await this.during(this.
shown.state==="paused"?"go_on":"pause")}async cancel(){this.cancelButton.disabled||(this.shown!==null&&this.fill({...this.shown,state:"ending",says:"Stopping; w\
hat is answered is kept"}),await this.during("cancel"))}async during(t){this.busy=!0,this.said.textContent="";try{await this.kernel.ask(t)}catch(i){if(!(i instanceof
Ul))throw i;this.said.textContent=i.message}finally{this.busy=!1}}};function kn(e,t){e.textContent!==t&&(e.textContent=t)}var Fu={initialize({model:e}){zs({model:e})},
render(e){let t=new Ti(e);return()=>t.close()}};export{Fu as default};
