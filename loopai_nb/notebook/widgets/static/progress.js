var vr="uplot",yr="u-hz",br="u-vt",Sr="u-title",xr="u-wrap",kr="u-under",_r="u-over",Tr="u-axis",Qt="u-off",Mr="u-select",Er="u-cursor-x",Lr="u-cursor-y",Ar="u-\
cursor-pt",Pr="u-legend",Cr="u-live",Dr="u-inline",Rr="u-series",zr="u-marker",io="u-label",Or="u-value",Gl="width",Il="height";var oo="bottom",xl="left",Yn="right",ci="#000",so=ci+"0",jn="mousemove",ro="mousedown",qn="mouseup",ao="mouseenter",uo="mouseleave",co="dblclick",Hr="resize",Fr="\
scroll",fo="change",un="dppxchange",fi="--",Al=typeof window<"u",ei=Al?document:null,_l=Al?window:null,Nr=Al?navigator:null,se,on;function ti(){let e=devicePixelRatio;
se!=e&&(se=e,on&&ni(fo,on,ti),on=matchMedia(`(min-resolution: ${se-.001}dppx) and (max-resolution: ${se+.001}dppx)`),Xt(fo,on,ti),_l.dispatchEvent(new CustomEvent(
un)))}function et(e,t){if(t!=null){let i=e.classList;!i.contains(t)&&i.add(t)}}function li(e,t){let i=e.classList;i.contains(t)&&i.remove(t)}function we(e,t,i){
e.style[t]=i+"px"}function mt(e,t,i,n){let s=ei.createElement(e);return t!=null&&et(s,t),i?.insertBefore(s,n),s}function ut(e,t){return mt("div",e,t)}var po=new WeakMap;
function Mt(e,t,i,n,s){let u="translate("+t+"px,"+i+"px)",c=po.get(e);u!=c&&(e.style.transform=u,po.set(e,u),t<0||i<0||t>n||i>s?et(e,Qt):li(e,Qt))}var ho=new WeakMap;
function go(e,t,i){let n=t+i,s=ho.get(e);n!=s&&(ho.set(e,n),e.style.background=t,e.style.borderColor=i)}var mo=new WeakMap;function wo(e,t,i,n){let s=t+""+i,u=mo.
get(e);s!=u&&(mo.set(e,s),e.style.height=i+"px",e.style.width=t+"px",e.style.marginLeft=n?-t/2+"px":0,e.style.marginTop=n?-i/2+"px":0)}var pi={passive:!0},Vr={...pi,
capture:!0};function Xt(e,t,i,n){t.addEventListener(e,i,n?Vr:pi)}function ni(e,t,i,n){t.removeEventListener(e,i,pi)}Al&&ti();function wt(e,t,i,n){let s;i=i||0,n=
n||t.length-1;let u=n<=2147483647;for(;n-i>1;)s=u?i+n>>1:tt((i+n)/2),t[s]<e?i=s:n=s;return e-t[i]<=t[n]-e?i:n}function Ko(e){return(i,n,s)=>{let u=-1,c=-1;for(let p=n;p<=
s;p++)if(e(i[p])){u=p;break}for(let p=s;p>=n;p--)if(e(i[p])){c=p;break}return[u,c]}}var Uo=e=>e!=null,Yo=e=>e!=null&&e>0,pn=Ko(Uo),Wr=Ko(Yo);function Gr(e,t,i,n=0,s=!1){
let u=s?Wr:pn,c=s?Yo:Uo;[t,i]=u(e,t,i);let p=e[t],d=e[t];if(t>-1)if(n==1)p=e[t],d=e[i];else if(n==-1)p=e[i],d=e[t];else for(let h=t;h<=i;h++){let y=e[h];c(y)&&(y<
p?p=y:y>d&&(d=y))}return[p??fe,d??-fe]}function dn(e,t,i,n){let s=bo(e),u=bo(t);e==t&&(s==-1?(e*=i,t/=i):(e/=i,t*=i));let c=i==10?Pt:jo,p=s==1?tt:ct,d=u==1?ct:tt,
h=p(c(Ae(e))),y=d(c(Ae(t))),m=Tl(i,h),w=Tl(i,y);return i==10&&(h<0&&(m=pe(m,-h)),y<0&&(w=pe(w,-y))),n||i==2?(e=m*s,t=w*u):(e=Qo(e,m),t=hn(t,w)),[e,t]}function di(e,t,i,n){
let s=dn(e,t,i,n);return e==0&&(s[0]=0),t==0&&(s[1]=0),s}var hi=.1,vo={mode:3,pad:hi},Bl={pad:0,soft:null,mode:0},Ir={min:Bl,max:Bl};function cn(e,t,i,n){return gn(
i)?yo(e,t,i):(Bl.pad=i,Bl.soft=n?0:null,Bl.mode=n?3:0,yo(e,t,Ir))}function ie(e,t){return e??t}function $r(e,t,i){for(t=ie(t,0),i=ie(i,e.length-1);t<=i;){if(e[t]!=
null)return!0;t++}return!1}function yo(e,t,i){let n=i.min,s=i.max,u=ie(n.pad,0),c=ie(s.pad,0),p=ie(n.hard,-fe),d=ie(s.hard,fe),h=ie(n.soft,fe),y=ie(s.soft,-fe),
m=ie(n.mode,0),w=ie(s.mode,0),C=t-e,P=Pt(C),F=Ke(Ae(e),Ae(t)),W=Pt(F),I=Ae(W-P);(C<1e-24||I>10)&&(C=0,(e==0||t==0)&&(C=1e-24,m==2&&h!=fe&&(u=0),w==2&&y!=-fe&&(c=
0)));let x=C||F||1e3,N=Pt(x),k=Tl(10,tt(N)),q=x*(C==0?e==0?.1:1:u),A=pe(Qo(e-q,k/10),24),J=e>=h&&(m==1||m==3&&A<=h||m==2&&A>=h)?h:fe,U=Ke(p,A<J&&e>=J?J:vt(J,A)),
X=x*(C==0?t==0?.1:1:c),K=pe(hn(t+X,k/10),24),_=t<=y&&(w==1||w==3&&K>=y||w==2&&K<=y)?y:-fe,j=vt(d,K>_&&t<=_?_:Ke(_,K));return U==j&&U==0&&(j=100),[U,j]}var Br=new Intl.
NumberFormat(Al?Nr.language:"en-US"),gi=e=>Br.format(e),lt=Math,an=lt.PI,Ae=lt.abs,tt=lt.floor,Le=lt.round,ct=lt.ceil,vt=lt.min,Ke=lt.max,Tl=lt.pow,bo=lt.sign,Pt=lt.
log10,jo=lt.log2,Kr=(e,t=1)=>lt.sinh(e)*t,Jn=(e,t=1)=>lt.asinh(e/t),fe=1/0;function So(e){return(Pt((e^e>>31)-(e>>31))|0)+1}function ii(e,t,i){return vt(Ke(e,t),
i)}function qo(e){return typeof e=="function"}function ee(e){return qo(e)?e:()=>e}var Ur=()=>{},Jo=e=>e,Zo=(e,t)=>t,Yr=e=>null,xo=e=>!0,ko=(e,t)=>e==t,jr=/\.\d*?(?=9{6,}|0{6,})/gm,
el=e=>{if(es(e)||Vt.has(e))return e;let t=`${e}`,i=t.match(jr);if(i==null)return e;let n=i[0].length-1;if(t.indexOf("e-")!=-1){let[s,u]=t.split("e");return+`${el(
s)}e${u}`}return pe(e,n)};function Jt(e,t){return el(pe(el(e/t))*t)}function hn(e,t){return el(ct(el(e/t))*t)}function Qo(e,t){return el(tt(el(e/t))*t)}function pe(e,t=0){
if(es(e))return e;let i=10**t,n=e*i*(1+Number.EPSILON);return Le(n)/i}var Vt=new Map;function Xo(e){return((""+e).split(".")[1]||"").length}function Ul(e,t,i,n){
let s=[],u=n.map(Xo);for(let c=t;c<i;c++){let p=Ae(c),d=pe(Tl(e,c),p);for(let h=0;h<n.length;h++){let y=e==10?+`${n[h]}e${c}`:n[h]*d,m=(c>=0?0:p)+(c>=u[h]?0:u[h]),
w=e==10?y:pe(y,m);s.push(w),Vt.set(w,m)}}return s}var Kl={},mi=[],Ml=[null,null],Nt=Array.isArray,es=Number.isInteger,qr=e=>e===void 0;function _o(e){return typeof e==
"string"}function gn(e){let t=!1;if(e!=null){let i=e.constructor;t=i==null||i==Object}return t}function Jr(e){return e!=null&&typeof e=="object"}var Zr=Object.getPrototypeOf(
Uint8Array),ts="__proto__";function El(e,t=gn){let i;if(Nt(e)){let n=e.find(s=>s!=null);if(Nt(n)||t(n)){i=Array(e.length);for(let s=0;s<e.length;s++)i[s]=El(e[s],
t)}else i=e.slice()}else if(e instanceof Zr)i=e.slice();else if(t(e)){i={};for(let n in e)n!=ts&&(i[n]=El(e[n],t))}else i=e;return i}function Te(e){let t=arguments;
for(let i=1;i<t.length;i++){let n=t[i];for(let s in n)s!=ts&&(gn(e[s])?Te(e[s],El(n[s])):e[s]=El(n[s]))}return e}var Qr=0,Xr=1,ea=2;function ta(e,t,i){for(let n=0,
s,u=-1;n<t.length;n++){let c=t[n];if(c>u){for(s=c-1;s>=0&&e[s]==null;)e[s--]=null;for(s=c+1;s<i&&e[s]==null;)e[u=s++]=null}}}function la(e,t){if(oa(e)){let c=e[0].
slice();for(let p=1;p<e.length;p++)c.push(...e[p].slice(1));return sa(c[0])||(c=ia(c)),c}let i=new Set;for(let c=0;c<e.length;c++){let d=e[c][0],h=d.length;for(let y=0;y<
h;y++)i.add(d[y])}let n=[Array.from(i).sort((c,p)=>c-p)],s=n[0].length,u=new Map;for(let c=0;c<s;c++)u.set(n[0][c],c);for(let c=0;c<e.length;c++){let p=e[c],d=p[0];
for(let h=1;h<p.length;h++){let y=p[h],m=Array(s).fill(void 0),w=t?t[c][h]:Xr,C=[];for(let P=0;P<y.length;P++){let F=y[P],W=u.get(d[P]);F===null?w!=Qr&&(m[W]=F,
w==ea&&C.push(W)):m[W]=F}ta(m,C,s),n.push(m)}}return n}var na=typeof queueMicrotask>"u"?e=>Promise.resolve().then(e):queueMicrotask;function ia(e){let t=e[0],i=t.
length,n=Array(i);for(let u=0;u<n.length;u++)n[u]=u;n.sort((u,c)=>t[u]-t[c]);let s=[];for(let u=0;u<e.length;u++){let c=e[u],p=Array(i);for(let d=0;d<i;d++)p[d]=
c[n[d]];s.push(p)}return s}function oa(e){let t=e[0][0],i=t.length;for(let n=1;n<e.length;n++){let s=e[n][0];if(s.length!=i)return!1;if(s!=t){for(let u=0;u<i;u++)
if(s[u]!=t[u])return!1}}return!0}function sa(e,t=100){let i=e.length;if(i<=1)return!0;let n=0,s=i-1;for(;n<=s&&e[n]==null;)n++;for(;s>=n&&e[s]==null;)s--;if(s<=
n)return!0;let u=Ke(1,tt((s-n+1)/t));for(let c=e[n],p=n+u;p<=s;p+=u){let d=e[p];if(d!=null){if(d<=c)return!1;c=d}}return!0}var ls=["January","February","March",
"April","May","June","July","August","September","October","November","December"],ns=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function is(e){
return e.slice(0,3)}var ra=ns.map(is),aa=ls.map(is),ua={MMMM:ls,MMM:aa,WWWW:ns,WWW:ra};function Wl(e){return(e<10?"0":"")+e}function ca(e){return(e<10?"00":e<100?
"0":"")+e}var fa={YYYY:e=>e.getFullYear(),YY:e=>(e.getFullYear()+"").slice(2),MMMM:(e,t)=>t.MMMM[e.getMonth()],MMM:(e,t)=>t.MMM[e.getMonth()],MM:e=>Wl(e.getMonth()+
1),M:e=>e.getMonth()+1,DD:e=>Wl(e.getDate()),D:e=>e.getDate(),WWWW:(e,t)=>t.WWWW[e.getDay()],WWW:(e,t)=>t.WWW[e.getDay()],HH:e=>Wl(e.getHours()),H:e=>e.getHours(),
h:e=>{let t=e.getHours();return t==0?12:t>12?t-12:t},AA:e=>e.getHours()>=12?"PM":"AM",aa:e=>e.getHours()>=12?"pm":"am",a:e=>e.getHours()>=12?"p":"a",mm:e=>Wl(e.
getMinutes()),m:e=>e.getMinutes(),ss:e=>Wl(e.getSeconds()),s:e=>e.getSeconds(),fff:e=>ca(e.getMilliseconds())};function wi(e,t){t=t||ua;let i=[],n=/\{([a-z]+)\}|[^{]+/gi,
s;for(;s=n.exec(e);)i.push(s[0][0]=="{"?fa[s[1]]:s[0]);return u=>{let c="";for(let p=0;p<i.length;p++)c+=typeof i[p]=="string"?i[p]:i[p](u,t);return c}}var pa=new Intl.
DateTimeFormat().resolvedOptions().timeZone;function da(e,t){let i;return t=="UTC"||t=="Etc/UTC"?i=new Date(+e+e.getTimezoneOffset()*6e4):t==pa?i=e:(i=new Date(
e.toLocaleString("en-US",{timeZone:t})),i.setMilliseconds(e.getMilliseconds())),i}var os=e=>e%1==0,fn=[1,2,2.5,5],ha=Ul(10,-32,0,fn),ss=Ul(10,0,32,fn),ga=ss.filter(
os),Zt=ha.concat(ss),vi=`
`,rs="{YYYY}",To=vi+rs,as="{M}/{D}",$l=vi+as,sn=$l+"/{YY}",us="{aa}",ma="{h}:{mm}",kl=ma+us,Mo=vi+kl,Eo=":{ss}",ae=null;function cs(e){let t=e*1e3,i=t*60,n=i*60,
s=n*24,u=s*30,c=s*365,d=(e==1?Ul(10,0,3,fn).filter(os):Ul(10,-3,0,fn)).concat([t,t*5,t*10,t*15,t*30,i,i*5,i*10,i*15,i*30,n,n*2,n*3,n*4,n*6,n*8,n*12,s,s*2,s*3,s*
4,s*5,s*6,s*7,s*8,s*9,s*10,s*15,u,u*2,u*3,u*4,u*6,c,c*2,c*5,c*10,c*25,c*50,c*100]),h=[[c,rs,ae,ae,ae,ae,ae,ae,1],[s*28,"{MMM}",To,ae,ae,ae,ae,ae,1],[s,as,To,ae,
ae,ae,ae,ae,1],[n,"{h}"+us,sn,ae,$l,ae,ae,ae,1],[i,kl,sn,ae,$l,ae,ae,ae,1],[t,Eo,sn+" "+kl,ae,$l+" "+kl,ae,Mo,ae,1],[e,Eo+".{fff}",sn+" "+kl,ae,$l+" "+kl,ae,Mo,
ae,1]];function y(m){return(w,C,P,F,W,I)=>{let x=[],N=W>=c,k=W>=u&&W<c,q=m(P),A=pe(q*e,3),J=Zn(q.getFullYear(),N?0:q.getMonth(),k||N?1:q.getDate()),U=pe(J*e,3);
if(k||N){let X=k?W/u:0,K=N?W/c:0,_=A==U?A:pe(Zn(J.getFullYear()+K,J.getMonth()+X,1)*e,3),j=new Date(Le(_/e)),D=j.getFullYear(),$=j.getMonth();for(let H=0;_<=F;H++){
let te=Zn(D+K*H,$+X*H,1),O=te-m(pe(te*e,3));_=pe((+te+O)*e,3),_<=F&&x.push(_)}}else{let X=W>=s?s:W,K=tt(P)-tt(A),_=U+K+hn(A-U,X);x.push(_);let j=m(_),D=j.getHours()+
j.getMinutes()/i+j.getSeconds()/n,$=W/n,H=w.axes[C]._space,te=I/H;for(;_=pe(_+W,e==1?0:3),!(_>F);)if($>1){let O=tt(pe(D+$,6))%24,le=m(_).getHours()-O;le>1&&(le=
-1),_-=le*n,D=(D+$)%24;let ue=x[x.length-1];pe((_-ue)/W,3)*te>=.7&&x.push(_)}else x.push(_)}return x}}return[d,h,y]}var[wa,va,ya]=cs(1),[ba,Sa,xa]=cs(.001);Ul(2,
-53,53,[1]);function Lo(e,t){return e.map(i=>i.map((n,s)=>s==0||s==8||n==null?n:t(s==1||i[8]==0?n:i[1]+n)))}function Ao(e,t){return(i,n,s,u,c)=>{let p=t.find(P=>c>=
P[0])||t[t.length-1],d,h,y,m,w,C;return n.map(P=>{let F=e(P),W=F.getFullYear(),I=F.getMonth(),x=F.getDate(),N=F.getHours(),k=F.getMinutes(),q=F.getSeconds(),A=W!=
d&&p[2]||I!=h&&p[3]||x!=y&&p[4]||N!=m&&p[5]||k!=w&&p[6]||q!=C&&p[7]||p[1];return d=W,h=I,y=x,m=N,w=k,C=q,A(F)})}}function ka(e,t){let i=wi(t);return(n,s,u,c,p)=>s.
map(d=>i(e(d)))}function Zn(e,t,i){return new Date(e,t,i)}function Po(e,t){return t(e)}var _a="{YYYY}-{MM}-{DD} {h}:{mm}{aa}";function Co(e,t){return(i,n,s,u)=>u==
null?fi:t(e(n))}function Ta(e,t){let i=e.series[t];return i.width?i.stroke(e,t):i.points.width?i.points.stroke(e,t):null}function Ma(e,t){return e.series[t].fill(
e,t)}var Ea={show:!0,live:!0,isolate:!1,mount:Ur,markers:{show:!0,width:2,stroke:Ta,fill:Ma,dash:"solid"},idx:null,idxs:null,values:[]};function La(e,t){let i=e.
cursor.points,n=ut(),s=i.size(e,t);we(n,Gl,s),we(n,Il,s);let u=s/-2;we(n,"marginLeft",u),we(n,"marginTop",u);let c=i.width(e,t,s);return c&&we(n,"borderWidth",c),
n}function Aa(e,t){let i=e.series[t].points;return i._fill||i._stroke}function Pa(e,t){let i=e.series[t].points;return i._stroke||i._fill}function Ca(e,t){return e.
series[t].points.size}var Qn=[0,0];function Da(e,t,i){return Qn[0]=t,Qn[1]=i,Qn}function rn(e,t,i,n=!0){return s=>{s.button==0&&(!n||s.target==t)&&i(s)}}function Xn(e,t,i,n=!0){
return s=>{(!n||s.target==t)&&i(s)}}var Ra={show:!0,x:!0,y:!0,lock:!1,move:Da,points:{one:!1,show:La,size:Ca,width:0,stroke:Pa,fill:Aa},bind:{mousedown:rn,mouseup:rn,
click:rn,dblclick:rn,mousemove:Xn,mouseleave:Xn,mouseenter:Xn},drag:{setScale:!0,x:!0,y:!1,dist:0,uni:null,click:(e,t)=>{t.stopPropagation(),t.stopImmediatePropagation()},
_x:!1,_y:!1},focus:{dist:(e,t,i,n,s)=>n-s,prox:-1,bias:0},hover:{skip:[void 0],prox:null,bias:0},left:-10,top:-10,idx:null,dataIdx:null,idxs:null,event:null},fs={
show:!0,stroke:"rgba(0,0,0,0.07)",width:2},yi=Te({},fs,{filter:Zo}),ps=Te({},yi,{size:10}),ds=Te({},fs,{show:!1}),bi='12px system-ui, -apple-system, "Segoe UI",\
 Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif, "Apple Color Emoji", "Segoe UI Emoji", "Segoe UI Symbol", "Noto Color Emoji"',hs="bold "+bi,gs=1.5,Do={
show:!0,scale:"x",stroke:ci,space:50,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:hs,side:2,grid:yi,ticks:ps,border:ds,font:bi,lineGap:gs,rotate:0},
za="Value",Oa="Time",Ro={show:!0,scale:"x",auto:!1,sorted:1,min:fe,max:-fe,idxs:[]};function Ha(e,t,i,n,s){return t.map(u=>u==null?"":gi(u))}function Fa(e,t,i,n,s,u,c){
let p=[],d=Vt.get(s)||0;i=c?i:pe(hn(i,s),d);for(let h=i;h<=n;h=pe(h+s,d))p.push(Object.is(h,-0)?0:h);return p}function oi(e,t,i,n,s,u,c){let p=[],d=e.scales[e.axes[t].
scale].log,h=d==10?Pt:jo,y=tt(h(i));s=Tl(d,y),d==10&&(s=Zt[wt(s,Zt)]);let m=i,w=s*d;d==10&&(w=Zt[wt(w,Zt)]);do p.push(m),m=m+s,d==10&&!Vt.has(m)&&(m=pe(m,Vt.get(
s))),m>=w&&(s=m,w=s*d,d==10&&(w=Zt[wt(w,Zt)]));while(m<=n);return p}function Na(e,t,i,n,s,u,c){let d=e.scales[e.axes[t].scale].asinh,h=n>d?oi(e,t,Ke(d,i),n,s):[
d],y=n>=0&&i<=0?[0]:[];return(i<-d?oi(e,t,Ke(d,-n),-i,s):[d]).reverse().map(w=>-w).concat(y,h)}var ms=/./,Va=/[12357]/,Wa=/[125]/,zo=/1/,si=(e,t,i,n)=>e.map((s,u)=>t==
4&&s==0||u%n==0&&i.test(s.toExponential()[s<0?1:0])?s:null);function Ga(e,t,i,n,s){let u=e.axes[i],c=u.scale,p=e.scales[c],d=e.valToPos,h=u._space,y=d(10,c),m=d(
9,c)-y>=h?ms:d(7,c)-y>=h?Va:d(5,c)-y>=h?Wa:zo;if(m==zo){let w=Ae(d(1,c)-y);if(w<h)return si(t.slice().reverse(),p.distr,m,ct(h/w)).reverse()}return si(t,p.distr,
m,1)}function Ia(e,t,i,n,s){let u=e.axes[i],c=u.scale,p=u._space,d=e.valToPos,h=Ae(d(1,c)-d(2,c));return h<p?si(t.slice().reverse(),3,ms,ct(p/h)).reverse():t}function $a(e,t,i,n){
return n==null?fi:t==null?"":gi(t)}var Oo={show:!0,scale:"y",stroke:ci,space:30,gap:5,alignTo:1,size:50,labelGap:0,labelSize:30,labelFont:hs,side:3,grid:yi,ticks:ps,
border:ds,font:bi,lineGap:gs,rotate:0};function Ba(e,t){let i=3+(e||1)*2;return pe(i*t,3)}function Ka(e,t){let{scale:i,idxs:n}=e.series[0],s=e._data[0],u=e.valToPos(
s[n[0]],i,!0),c=e.valToPos(s[n[1]],i,!0),p=Ae(c-u),d=e.series[t],h=p/(d.points.space*se);return n[1]-n[0]<=h}var Ho={scale:null,auto:!0,sorted:0,min:fe,max:-fe},
ws=(e,t,i,n,s)=>s,Fo={show:!0,auto:!0,sorted:0,gaps:ws,alpha:1,facets:[Te({},Ho,{scale:"x"}),Te({},Ho,{scale:"y"})]},No={scale:"y",auto:!0,sorted:0,show:!0,spanGaps:!1,
gaps:ws,alpha:1,points:{show:Ka,filter:null},values:null,min:fe,max:-fe,idxs:[],path:null,clip:null};function Ua(e,t,i,n,s){return i/10}var vs={time:!0,auto:!0,
distr:1,log:10,asinh:1,min:null,max:null,dir:1,ori:0},Ya=Te({},vs,{time:!1,ori:1}),Vo={};function ys(e,t){let i=Vo[e];return i||(i={key:e,plots:[],sub(n){i.plots.
push(n)},unsub(n){i.plots=i.plots.filter(s=>s!=n)},pub(n,s,u,c,p,d,h){for(let y=0;y<i.plots.length;y++)i.plots[y]!=s&&i.plots[y].pub(n,s,u,c,p,d,h)}},e!=null&&(Vo[e]=
i)),i}var Ll=1,ri=2;function tl(e,t,i){let n=e.mode,s=e.series[t],u=n==2?e._data[t]:e._data,c=e.scales,p=e.bbox,d=u[0],h=n==2?u[1]:u[t],y=n==2?c[s.facets[0].scale]:
c[e.series[0].scale],m=n==2?c[s.facets[1].scale]:c[s.scale],w=p.left,C=p.top,P=p.width,F=p.height,W=e.valToPosH,I=e.valToPosV;return y.ori==0?i(s,d,h,y,m,W,I,w,
C,P,F,wn,Pl,yn,Ss,ks):i(s,d,h,y,m,I,W,C,w,F,P,vn,Cl,ki,xs,_s)}function Si(e,t){let i=0,n=0,s=ie(e.bands,mi);for(let u=0;u<s.length;u++){let c=s[u];c.series[0]==
t?i=c.dir:c.series[1]==t&&(c.dir==1?n|=1:n|=2)}return[i,n==1?-1:n==2?1:n==3?2:0]}function ja(e,t,i,n,s){let u=e.mode,c=e.series[t],p=u==2?c.facets[1].scale:c.scale,
d=e.scales[p];return s==-1?d.min:s==1?d.max:d.distr==3?d.dir==1?d.min:d.max:0}function Ct(e,t,i,n,s,u){return tl(e,t,(c,p,d,h,y,m,w,C,P,F,W)=>{let I=c.pxRound,x=h.
dir*(h.ori==0?1:-1),N=h.ori==0?Pl:Cl,k,q;x==1?(k=i,q=n):(k=n,q=i);let A=I(m(p[k],h,F,C)),J=I(w(d[k],y,W,P)),U=I(m(p[q],h,F,C)),X=I(w(u==1?y.max:y.min,y,W,P)),K=new Path2D(
s);return N(K,U,X),N(K,A,X),N(K,A,J),K})}function mn(e,t,i,n,s,u){let c=null;if(e.length>0){c=new Path2D;let p=t==0?yn:ki,d=i;for(let m=0;m<e.length;m++){let w=e[m];
if(w[1]>w[0]){let C=w[0]-d;C>0&&p(c,d,n,C,n+u),d=w[1]}}let h=i+s-d,y=10;h>0&&p(c,d,n-y/2,h,n+u+y)}return c}function qa(e,t,i){let n=e[e.length-1];n&&n[0]==t?n[1]=
i:e.push([t,i])}function xi(e,t,i,n,s,u,c){let p=[],d=e.length;for(let h=s==1?i:n;h>=i&&h<=n;h+=s)if(t[h]===null){let m=h,w=h;if(s==1)for(;++h<=n&&t[h]===null;)
w=h;else for(;--h>=i&&t[h]===null;)w=h;let C=u(e[m]),P=w==m?C:u(e[w]),F=m-s;C=c<=0&&F>=0&&F<d?u(e[F]):C;let I=w+s;P=c>=0&&I>=0&&I<d?u(e[I]):P,P>=C&&p.push([C,P])}
return p}function Wo(e){return e==0?Jo:e==1?Le:t=>Jt(t,e)}function bs(e){let t=e==0?wn:vn,i=e==0?(s,u,c,p,d,h)=>{s.arcTo(u,c,p,d,h)}:(s,u,c,p,d,h)=>{s.arcTo(c,u,
d,p,h)},n=e==0?(s,u,c,p,d)=>{s.rect(u,c,p,d)}:(s,u,c,p,d)=>{s.rect(c,u,d,p)};return(s,u,c,p,d,h=0,y=0)=>{h==0&&y==0?n(s,u,c,p,d):(h=vt(h,p/2,d/2),y=vt(y,p/2,d/2),
t(s,u+h,c),i(s,u+p,c,u+p,c+d,h),i(s,u+p,c+d,u,c+d,y),i(s,u,c+d,u,c,y),i(s,u,c,u+p,c,h),s.closePath())}}var wn=(e,t,i)=>{e.moveTo(t,i)},vn=(e,t,i)=>{e.moveTo(i,t)},
Pl=(e,t,i)=>{e.lineTo(t,i)},Cl=(e,t,i)=>{e.lineTo(i,t)},yn=bs(0),ki=bs(1),Ss=(e,t,i,n,s,u)=>{e.arc(t,i,n,s,u)},xs=(e,t,i,n,s,u)=>{e.arc(i,t,n,s,u)},ks=(e,t,i,n,s,u,c)=>{
e.bezierCurveTo(t,i,n,s,u,c)},_s=(e,t,i,n,s,u,c)=>{e.bezierCurveTo(i,t,s,n,c,u)};function Ts(e){return(t,i,n,s,u)=>tl(t,i,(c,p,d,h,y,m,w,C,P,F,W)=>{let{pxRound:I,
points:x}=c,N,k;h.ori==0?(N=wn,k=Ss):(N=vn,k=xs);let q=pe(x.width*se,3),A=(x.size-x.width)/2*se,J=pe(A*2,3),U=new Path2D,X=new Path2D,{left:K,top:_,width:j,height:D}=t.
bbox;yn(X,K-J,_-J,j+J*2,D+J*2);let $=H=>{if(d[H]!=null){let te=I(m(p[H],h,F,C)),O=I(w(d[H],y,W,P));N(U,te+A,O),k(U,te,O,A,0,an*2)}};if(u)u.forEach($);else for(let H=n;H<=
s;H++)$(H);return{stroke:q>0?U:null,fill:U,clip:X,flags:Ll|ri}})}function Ms(e){return(t,i,n,s,u,c)=>{n!=s&&(u!=n&&c!=n&&e(t,i,n),u!=s&&c!=s&&e(t,i,s),e(t,i,c))}}
var Ja=Ms(Pl),Za=Ms(Cl);function Es(e){let t=ie(e?.alignGaps,0);return(i,n,s,u)=>tl(i,n,(c,p,d,h,y,m,w,C,P,F,W)=>{[s,u]=pn(d,s,u);let I=c.pxRound,x=D=>I(m(D,h,F,
C)),N=D=>I(w(D,y,W,P)),k,q;h.ori==0?(k=Pl,q=Ja):(k=Cl,q=Za);let A=h.dir*(h.ori==0?1:-1),J={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:Ll},U=J.
stroke,X=!1;if(u-s>=F*4){let D=R=>i.posToVal(R,h.key,!0),$=null,H=null,te,O,Ue,ve=x(p[A==1?s:u]),le=x(p[s]),ue=x(p[u]),Z=D(A==1?le+1:ue-1);for(let R=A==1?s:u;R>=
s&&R<=u;R+=A){let Me=p[R],ye=(A==1?Me<Z:Me>Z)?ve:x(Me),re=d[R];ye==ve?re!=null?(O=re,$==null?(k(U,ye,N(O)),te=$=H=O):O<$?$=O:O>H&&(H=O)):re===null&&(X=!0):($!=null&&
q(U,ve,N($),N(H),N(te),N(O)),re!=null?(O=re,k(U,ye,N(O)),$=H=te=O):($=H=null,re===null&&(X=!0)),ve=ye,Z=D(ve+A))}$!=null&&$!=H&&Ue!=ve&&q(U,ve,N($),N(H),N(te),N(
O))}else for(let D=A==1?s:u;D>=s&&D<=u;D+=A){let $=d[D];$===null?X=!0:$!=null&&k(U,x(p[D]),N($))}let[_,j]=Si(i,n);if(c.fill!=null||_!=0){let D=J.fill=new Path2D(
U),$=c.fillTo(i,n,c.min,c.max,_),H=N($),te=x(p[s]),O=x(p[u]);A==-1&&([O,te]=[te,O]),k(D,O,H),k(D,te,H)}if(!c.spanGaps){let D=[];X&&D.push(...xi(p,d,s,u,A,x,t)),
J.gaps=D=c.gaps(i,n,s,u,D),J.clip=mn(D,h.ori,C,P,F,W)}return j!=0&&(J.band=j==2?[Ct(i,n,s,u,U,-1),Ct(i,n,s,u,U,1)]:Ct(i,n,s,u,U,j)),J})}function Qa(e){let t=ie(
e.align,1),i=ie(e.ascDesc,!1),n=ie(e.alignGaps,0),s=ie(e.extend,!1);return(u,c,p,d)=>tl(u,c,(h,y,m,w,C,P,F,W,I,x,N)=>{[p,d]=pn(m,p,d);let k=h.pxRound,{left:q,width:A}=u.
bbox,J=le=>k(P(le,w,x,W)),U=le=>k(F(le,C,N,I)),X=w.ori==0?Pl:Cl,K={stroke:new Path2D,fill:null,clip:null,band:null,gaps:null,flags:Ll},_=K.stroke,j=w.dir*(w.ori==
0?1:-1),D=U(m[j==1?p:d]),$=J(y[j==1?p:d]),H=$,te=$;s&&t==-1&&(te=q,X(_,te,D)),X(_,$,D);for(let le=j==1?p:d;le>=p&&le<=d;le+=j){let ue=m[le];if(ue==null)continue;
let Z=J(y[le]),R=U(ue);t==1?X(_,Z,D):X(_,H,R),X(_,Z,R),D=R,H=Z}let O=H;s&&t==1&&(O=q+A,X(_,O,D));let[Ue,ve]=Si(u,c);if(h.fill!=null||Ue!=0){let le=K.fill=new Path2D(
_),ue=h.fillTo(u,c,h.min,h.max,Ue),Z=U(ue);X(le,O,Z),X(le,te,Z)}if(!h.spanGaps){let le=[];le.push(...xi(y,m,p,d,j,J,n));let ue=h.width*se/2,Z=i||t==1?ue:-ue,R=i||
t==-1?-ue:ue;le.forEach(Me=>{Me[0]+=Z,Me[1]+=R}),K.gaps=le=h.gaps(u,c,p,d,le),K.clip=mn(le,w.ori,W,I,x,N)}return ve!=0&&(K.band=ve==2?[Ct(u,c,p,d,_,-1),Ct(u,c,p,
d,_,1)]:Ct(u,c,p,d,_,ve)),K})}function Go(e,t,i,n,s,u,c=fe){if(e.length>1){let p=null;for(let d=0,h=1/0;d<e.length;d++)if(t[d]!==void 0){if(p!=null){let y=Ae(e[d]-
e[p]);y<h&&(h=y,c=Ae(i(e[d],n,s,u)-i(e[p],n,s,u)))}p=d}}return c}function Xa(e){e=e||Kl;let t=ie(e.size,[.6,fe,1]),i=e.align||0,n=e.gap||0,s=e.radius;s=s==null?
[0,0]:typeof s=="number"?[s,0]:s;let u=ee(s),c=1-t[0],p=ie(t[1],fe),d=ie(t[2],1),h=ie(e.disp,Kl),y=ie(e.each,C=>{}),{fill:m,stroke:w}=h;return(C,P,F,W)=>tl(C,P,
(I,x,N,k,q,A,J,U,X,K,_)=>{let j=I.pxRound,D=i,$=n*se,H=p*se,te=d*se,O,Ue;k.ori==0?[O,Ue]=u(C,P):[Ue,O]=u(C,P);let ve=k.dir*(k.ori==0?1:-1),le=k.ori==0?yn:ki,ue=k.
ori==0?y:(E,de,Ee,sl,It,bt,$t)=>{y(E,de,Ee,It,sl,$t,bt)},Z=ie(C.bands,mi).find(E=>E.series[0]==P),R=Z!=null?Z.dir:0,Me=I.fillTo(C,P,I.min,I.max,R),We=j(J(Me,q,_,
X)),ye,re,ft,qe=K,Se=j(I.width*se),yt=!1,Et=null,nt=null,Dt=null,nl=null;m!=null&&(Se==0||w!=null)&&(yt=!0,Et=m.values(C,P,F,W),nt=new Map,new Set(Et).forEach(E=>{
E!=null&&nt.set(E,new Path2D)}),Se>0&&(Dt=w.values(C,P,F,W),nl=new Map,new Set(Dt).forEach(E=>{E!=null&&nl.set(E,new Path2D)})));let{x0:il,size:Dl}=h;if(il!=null&&
Dl!=null){D=1,x=il.values(C,P,F,W),il.unit==2&&(x=x.map(Ee=>C.posToVal(U+Ee*K,k.key,!0)));let E=Dl.values(C,P,F,W);Dl.unit==2?re=E[0]*K:re=A(E[0],k,K,U)-A(0,k,K,
U),qe=Go(x,N,A,k,K,U,qe),ft=qe-re+$}else qe=Go(x,N,A,k,K,U,qe),ft=qe*c+$,re=qe-ft;ft<1&&(ft=0),Se>=re/2&&(Se=0),ft<5&&(j=Jo);let jl=ft>0,Wt=qe-ft-(jl?Se:0);re=j(
ii(Wt,te,H)),ye=(D==0?re/2:D==ve?0:re)-D*ve*((D==0?$/2:0)+(jl?Se/2:0));let Ge={stroke:null,fill:null,clip:null,band:null,gaps:null,flags:0},ol=yt?null:new Path2D,
Lt=null;if(Z!=null)Lt=C.data[Z.series[1]];else{let{y0:E,y1:de}=h;E!=null&&de!=null&&(N=de.values(C,P,F,W),Lt=E.values(C,P,F,W))}let Gt=O*re,Y=Ue*re;for(let E=ve==
1?F:W;E>=F&&E<=W;E+=ve){let de=N[E];if(de==null)continue;if(Lt!=null){let Ye=Lt[E]??0;if(de-Ye==0)continue;We=J(Ye,q,_,X)}let Ee=k.distr!=2||h!=null?x[E]:E,sl=A(
Ee,k,K,U),It=J(ie(de,Me),q,_,X),bt=j(sl-ye),$t=j(Ke(It,We)),Je=j(vt(It,We)),it=$t-Je;if(de!=null){let Ye=de<0?Y:Gt,pt=de<0?Gt:Y;yt?(Se>0&&Dt[E]!=null&&le(nl.get(
Dt[E]),bt,Je+tt(Se/2),re,Ke(0,it-Se),Ye,pt),Et[E]!=null&&le(nt.get(Et[E]),bt,Je+tt(Se/2),re,Ke(0,it-Se),Ye,pt)):le(ol,bt,Je+tt(Se/2),re,Ke(0,it-Se),Ye,pt),ue(C,
P,E,bt-Se/2,Je,re+Se,it)}}return Se>0?Ge.stroke=yt?nl:ol:yt||(Ge._fill=I.width==0?I._fill:I._stroke??I._fill,Ge.width=0),Ge.fill=yt?nt:ol,Ge})}function eu(e,t){
let i=ie(t?.alignGaps,0);return(n,s,u,c)=>tl(n,s,(p,d,h,y,m,w,C,P,F,W,I)=>{[u,c]=pn(h,u,c);let x=p.pxRound,N=O=>x(w(O,y,W,P)),k=O=>x(C(O,m,I,F)),q,A,J;y.ori==0?
(q=wn,J=Pl,A=ks):(q=vn,J=Cl,A=_s);let U=y.dir*(y.ori==0?1:-1),X=N(d[U==1?u:c]),K=X,_=[],j=[];for(let O=U==1?u:c;O>=u&&O<=c;O+=U)if(h[O]!=null){let ve=d[O],le=N(
ve);_.push(K=le),j.push(k(h[O]))}let D={stroke:e(_,j,q,J,A,x),fill:null,clip:null,band:null,gaps:null,flags:Ll},$=D.stroke,[H,te]=Si(n,s);if(p.fill!=null||H!=0){
let O=D.fill=new Path2D($),Ue=p.fillTo(n,s,p.min,p.max,H),ve=k(Ue);J(O,K,ve),J(O,X,ve)}if(!p.spanGaps){let O=[];O.push(...xi(d,h,u,c,U,N,i)),D.gaps=O=p.gaps(n,s,
u,c,O),D.clip=mn(O,y.ori,P,F,W,I)}return te!=0&&(D.band=te==2?[Ct(n,s,u,c,$,-1),Ct(n,s,u,c,$,1)]:Ct(n,s,u,c,$,te)),D})}function tu(e){return eu(lu,e)}function lu(e,t,i,n,s,u){
let c=e.length;if(c<2)return null;let p=new Path2D;if(i(p,e[0],t[0]),c==2)n(p,e[1],t[1]);else{let d=Array(c),h=Array(c-1),y=Array(c-1),m=Array(c-1);for(let w=0;w<
c-1;w++)y[w]=t[w+1]-t[w],m[w]=e[w+1]-e[w],h[w]=y[w]/m[w];d[0]=h[0];for(let w=1;w<c-1;w++)h[w]===0||h[w-1]===0||h[w-1]>0!=h[w]>0?d[w]=0:(d[w]=3*(m[w-1]+m[w])/((2*
m[w]+m[w-1])/h[w-1]+(m[w]+2*m[w-1])/h[w]),isFinite(d[w])||(d[w]=0));d[c-1]=h[c-2];for(let w=0;w<c-1;w++)s(p,e[w]+m[w]/3,t[w]+d[w]*m[w]/3,e[w+1]-m[w]/3,t[w+1]-d[w+
1]*m[w]/3,e[w+1],t[w+1])}return p}var ai=new Set;function Io(){for(let e of ai)e.syncRect(!0)}Al&&(Xt(Hr,_l,Io),Xt(Fr,_l,Io,!0),Xt(un,_l,()=>{Ne.pxRatio=se}));var nu=Es(),
iu=Ts();function $o(e,t,i,n){return(n?[e[0],e[1]].concat(e.slice(2)):[e[0]].concat(e.slice(1))).map((u,c)=>ui(u,c,t,i))}function ou(e,t){return e.map((i,n)=>n==
0?{}:Te({},t,i))}function ui(e,t,i,n){return Te({},t==0?i:n,e)}function Ls(e,t,i){return t==null?Ml:[t,i]}var su=Ls;function ru(e,t,i){return t==null?Ml:cn(t,i,
hi,!0)}function As(e,t,i,n){return t==null?Ml:dn(t,i,e.scales[n].log,!1)}var au=As;function Ps(e,t,i,n){return t==null?Ml:di(t,i,e.scales[n].log,!1)}var uu=Ps;function cu(e,t,i,n,s){
let u=Ke(So(e),So(t)),c=t-e,p=wt(s/n*c,i);do{let d=i[p],h=n*d/c;if(h>=s&&u+(d<5?Vt.get(d):0)<=17)return[d,h]}while(++p<i.length);return[0,0]}function Bo(e){let t,
i;return e=e.replace(/(\d+)px/,(n,s)=>(t=Le((i=+s)*se))+"px"),[e,t,i]}function fu(e){e.show&&[e.font,e.labelFont].forEach(t=>{let i=pe(t[2]*se,1);t[0]=t[0].replace(
/[0-9.]+px/,i+"px"),t[1]=i})}function Ne(e,t,i){let n={mode:ie(e.mode,1)},s=n.mode;function u(l,o,r,a){let f=o.valToPct(l);return a+r*(o.dir==-1?1-f:f)}function c(l,o,r,a){
let f=o.valToPct(l);return a+r*(o.dir==-1?f:1-f)}function p(l,o,r,a){return o.ori==0?u(l,o,r,a):c(l,o,r,a)}n.valToPosH=u,n.valToPosV=c;let d=!1;n.status=0;let h=n.
root=ut(vr);if(e.id!=null&&(h.id=e.id),et(h,e.class),e.title){let l=ut(Sr,h);l.textContent=e.title}let y=mt("canvas"),m=n.ctx=y.getContext("2d"),w=ut(xr,h);Xt("\
click",w,l=>{l.target===P&&(he!=wl||be!=vl)&&Fe.click(n,l)},!0);let C=n.under=ut(kr,w);w.appendChild(y);let P=n.over=ut(_r,w);e=El(e);let F=+ie(e.pxAlign,1),W=Wo(
F);(e.plugins||[]).forEach(l=>{l.opts&&(e=l.opts(n,e)||e)});let I=e.ms||.001,x=n.series=s==1?$o(e.series||[],Ro,No,!1):ou(e.series||[null],Fo),N=n.axes=$o(e.axes||
[],Do,Oo,!0),k=n.scales={},q=n.bands=e.bands||[];q.forEach(l=>{l.fill=ee(l.fill||null),l.dir=ie(l.dir,-1)});let A=s==2?x[1].facets[0].scale:x[0].scale,J={axes:nr,
series:Qs},U=(e.drawOrder||["axes","series"]).map(l=>J[l]);function X(l){let o=l.distr==3?r=>Pt(r>0?r:l.clamp(n,r,l.min,l.max,l.key)):l.distr==4?r=>Jn(r,l.asinh):
l.distr==100?r=>l.fwd(r):r=>r;return r=>{let a=o(r),{_min:f,_max:g}=l,v=g-f;return(a-f)/v}}function K(l){let o=k[l];if(o==null){let r=(e.scales||Kl)[l]||Kl;if(r.
from!=null){K(r.from);let a=Te({},k[r.from],r,{key:l});a.valToPct=X(a),k[l]=a}else{o=k[l]=Te({},l==A?vs:Ya,r),o.key=l;let a=o.time,f=o.range,g=Nt(f);if((l!=A||s==
2&&!a)&&(g&&(f[0]==null||f[1]==null)&&(f={min:f[0]==null?vo:{mode:1,hard:f[0],soft:f[0]},max:f[1]==null?vo:{mode:1,hard:f[1],soft:f[1]}},g=!1),!g&&gn(f))){let v=f;
f=(b,S,T)=>S==null?Ml:cn(S,T,v)}o.range=ee(f||(a?su:l==A?o.distr==3?au:o.distr==4?uu:Ls:o.distr==3?As:o.distr==4?Ps:ru)),o.auto=ee(g?!1:o.auto),o.clamp=ee(o.clamp||
Ua),o._min=o._max=null,o.valToPct=X(o)}}}K("x"),K("y"),s==1&&x.forEach(l=>{K(l.scale)}),N.forEach(l=>{K(l.scale)});for(let l in e.scales)K(l);let _=k[A],j=_.distr,
D,$;_.ori==0?(et(h,yr),D=u,$=c):(et(h,br),D=c,$=u);let H={};for(let l in k){let o=k[l];(o.min!=null||o.max!=null)&&(H[l]={min:o.min,max:o.max},o.min=o.max=null)}
let te=e.tzDate||(l=>new Date(Le(l/I))),O=e.fmtDate||wi,Ue=I==1?ya(te):xa(te),ve=Ao(te,Lo(I==1?va:Sa,O)),le=Co(te,Po(_a,O)),ue=[],Z=n.legend=Te({},Ea,e.legend),
R=n.cursor=Te({},Ra,{drag:{y:s==2}},e.cursor),Me=Z.show,We=R.show,ye=Z.markers;Z.idxs=ue,ye.width=ee(ye.width),ye.dash=ee(ye.dash),ye.stroke=ee(ye.stroke),ye.fill=
ee(ye.fill);let re,ft,qe,Se=[],yt=[],Et,nt=!1,Dt={};if(Z.live){let l=x[1]?x[1].values:null;nt=l!=null,Et=nt?l(n,1,0):{_:0};for(let o in Et)Dt[o]=fi}if(Me)if(re=
mt("table",Pr,h),qe=mt("tbody",null,re),Z.mount(n,re),nt){ft=mt("thead",null,re,qe);let l=mt("tr",null,ft);mt("th",null,l);for(var nl in Et)mt("th",io,l).textContent=
nl}else et(re,Dr),Z.live&&et(re,Cr);let il={show:!0},Dl={show:!1};function jl(l,o){if(o==0&&(nt||!Z.live||s==2))return Ml;let r=[],a=mt("tr",Rr,qe,qe.childNodes[o]);
et(a,l.class),l.show||et(a,Qt);let f=mt("th",null,a);if(ye.show){let b=ut(zr,f);if(o>0){let S=ye.width(n,o);S&&(b.style.border=S+"px "+ye.dash(n,o)+" "+ye.stroke(
n,o)),b.style.background=ye.fill(n,o)}}let g=ut(io,f);l.label instanceof HTMLElement?g.appendChild(l.label):g.textContent=l.label,o>0&&(ye.show||(g.style.color=
l.width>0?ye.stroke(n,o):ye.fill(n,o)),Ge("click",f,b=>{if(R._lock)return;Kt(b);let S=x.indexOf(l);if((b.ctrlKey||b.metaKey)!=Z.isolate){let T=x.some((M,L)=>L>0&&
L!=S&&M.show);x.forEach((M,L)=>{L>0&&xt(L,T?L==S?il:Dl:il,!0,_e.setSeries)})}else xt(S,{show:!l.show},!0,_e.setSeries)},!1),al&&Ge(ao,f,b=>{R._lock||(Kt(b),xt(x.
indexOf(l),bl,!0,_e.setSeries))},!1));for(var v in Et){let b=mt("td",Or,a);b.textContent="--",r.push(b)}return[a,r]}let Wt=new Map;function Ge(l,o,r,a=!0){let f=Wt.
get(o)||{},g=R.bind[l](n,o,r,a);g&&(Xt(l,o,f[l]=g),Wt.set(o,f))}function ol(l,o,r){let a=Wt.get(o)||{};for(let f in a)(l==null||f==l)&&(ni(f,o,a[f]),delete a[f]);
l==null&&Wt.delete(o)}let Lt=0,Gt=0,Y=0,E=0,de=0,Ee=0,sl=de,It=Ee,bt=Y,$t=E,Je=0,it=0,Ye=0,pt=0;n.bbox={};let _n=!1,ql=!1,rl=!1,Bt=!1,Jl=!1,ot=!1;function Tn(l,o,r){
(r||l!=n.width||o!=n.height)&&Li(l,o),dl(!1),rl=!0,ql=!0,hl()}function Li(l,o){n.width=Lt=Y=l,n.height=Gt=E=o,de=Ee=0,Ks(),Us();let r=n.bbox;Je=r.left=Jt(de*se,
.5),it=r.top=Jt(Ee*se,.5),Ye=r.width=Jt(Y*se,.5),pt=r.height=Jt(E*se,.5)}let Is=3;function $s(){let l=!1,o=0;for(;!l;){o++;let r=tr(o),a=lr(o);l=o==Is||r&&a,l||
(Li(n.width,n.height),ql=!0)}}function Bs({width:l,height:o}){Tn(l,o)}n.setSize=Bs;function Ks(){let l=!1,o=!1,r=!1,a=!1;N.forEach((f,g)=>{if(f.show&&f._show){let{
side:v,_size:b}=f,S=v%2,T=f.label!=null?f.labelSize:0,M=b+T;M>0&&(S?(Y-=M,v==3?(de+=M,a=!0):r=!0):(E-=M,v==0?(Ee+=M,l=!0):o=!0))}}),Ut[0]=l,Ut[1]=r,Ut[2]=o,Ut[3]=
a,Y-=Rt[1]+Rt[3],de+=Rt[3],E-=Rt[2]+Rt[0],Ee+=Rt[0]}function Us(){let l=de+Y,o=Ee+E,r=de,a=Ee;function f(g,v){switch(g){case 1:return l+=v,l-v;case 2:return o+=
v,o-v;case 3:return r-=v,r+v;case 0:return a-=v,a+v}}N.forEach((g,v)=>{if(g.show&&g._show){let b=g.side;g._pos=f(b,g._size),g.label!=null&&(g._lpos=f(b,g.labelSize))}})}
if(R.dataIdx==null){let l=R.hover,o=l.skip=new Set(l.skip??[]);o.add(void 0);let r=l.prox=ee(l.prox),a=l.bias??=0;R.dataIdx=(f,g,v,b)=>{if(g==0)return v;let S=v,
T=r(f,g,v,b)??fe,M=T>=0&&T<fe,L=_.ori==0?Y:E,B=R.left,oe=t[0],ne=t[g];if(o.has(ne[v])){S=null;let Q=null,G=null,z;if(a==0||a==-1)for(z=v;Q==null&&z-- >0;)o.has(
ne[z])||(Q=z);if(a==0||a==1)for(z=v;G==null&&z++<ne.length;)o.has(ne[z])||(G=z);if(Q!=null||G!=null)if(M){let me=Q==null?-1/0:D(oe[Q],_,L,0),xe=G==null?1/0:D(oe[G],
_,L,0),Oe=B-me,ce=xe-B;Oe<=ce?Oe<=T&&(S=Q):ce<=T&&(S=G)}else S=G==null?Q:Q==null?G:v-Q<=G-v?Q:G}else M&&Ae(B-D(oe[v],_,L,0))>T&&(S=null);return S}}let Kt=l=>{R.
event=l};R.idxs=ue,R._lock=!1;let Ve=R.points;Ve.show=ee(Ve.show),Ve.size=ee(Ve.size),Ve.stroke=ee(Ve.stroke),Ve.width=ee(Ve.width),Ve.fill=ee(Ve.fill);let St=n.
focus=Te({},e.focus||{alpha:.3},R.focus),al=St.prox>=0,ul=al&&Ve.one,st=[],cl=[],fl=[];function Ai(l,o){let r=Ve.show(n,o);if(r instanceof HTMLElement)return et(
r,Ar),et(r,l.class),Mt(r,-10,-10,Y,E),P.insertBefore(r,st[o]),r}function Pi(l,o){if(s==1||o>0){let r=s==1&&k[l.scale].time,a=l.value;l.value=r?_o(a)?Co(te,Po(a,
O)):a||le:a||$a,l.label=l.label||(r?Oa:za)}if(ul||o>0){l.width=l.width==null?1:l.width,l.paths=l.paths||nu||Yr,l.fillTo=ee(l.fillTo||ja),l.pxAlign=+ie(l.pxAlign,
F),l.pxRound=Wo(l.pxAlign),l.stroke=ee(l.stroke||null),l.fill=ee(l.fill||null),l._stroke=l._fill=l._paths=l._focus=null;let r=Ba(Ke(1,l.width),1),a=l.points=Te(
{},{size:r,width:Ke(1,r*.2),stroke:l.stroke,space:r*2,paths:iu,_stroke:null,_fill:null},l.points);a.show=ee(a.show),a.filter=ee(a.filter),a.fill=ee(a.fill),a.stroke=
ee(a.stroke),a.paths=ee(a.paths),a.pxAlign=l.pxAlign}if(Me){let r=jl(l,o);Se.splice(o,0,r[0]),yt.splice(o,0,r[1]),Z.values.push(null)}if(We){ue.splice(o,0,null);
let r=null;ul?o==0&&(r=Ai(l,o)):o>0&&(r=Ai(l,o)),st.splice(o,0,r),cl.splice(o,0,0),fl.splice(o,0,0)}ze("addSeries",o)}function Ys(l,o){o=o??x.length,l=s==1?ui(l,
o,Ro,No):ui(l,o,{},Fo),x.splice(o,0,l),Pi(x[o],o)}n.addSeries=Ys;function js(l){if(x.splice(l,1),Me){Z.values.splice(l,1),yt.splice(l,1);let o=Se.splice(l,1)[0];
ol(null,o.firstChild),o.remove()}We&&(ue.splice(l,1),st.splice(l,1)[0].remove(),cl.splice(l,1),fl.splice(l,1)),ze("delSeries",l)}n.delSeries=js;let Ut=[!1,!1,!1,
!1];function qs(l,o){if(l._show=l.show,l.show){let r=l.side%2,a=k[l.scale];a==null&&(l.scale=r?x[1].scale:A,a=k[l.scale]);let f=a.time;l.size=ee(l.size),l.space=
ee(l.space),l.rotate=ee(l.rotate),Nt(l.incrs)&&l.incrs.forEach(v=>{!Vt.has(v)&&Vt.set(v,Xo(v))}),l.incrs=ee(l.incrs||(a.distr==2?ga:f?I==1?wa:ba:Zt)),l.splits=ee(
l.splits||(f&&a.distr==1?Ue:a.distr==3?oi:a.distr==4?Na:Fa)),l.stroke=ee(l.stroke),l.grid.stroke=ee(l.grid.stroke),l.ticks.stroke=ee(l.ticks.stroke),l.border.stroke=
ee(l.border.stroke);let g=l.values;l.values=Nt(g)&&!Nt(g[0])?ee(g):f?Nt(g)?Ao(te,Lo(g,O)):_o(g)?ka(te,g):g||ve:g||Ha,l.filter=ee(l.filter||(a.distr>=3&&a.log==10?
Ga:a.distr==3&&a.log==2?Ia:Zo)),l.font=Bo(l.font),l.labelFont=Bo(l.labelFont),l._size=l.size(n,null,o,0),l._space=l._rotate=l._incrs=l._found=l._splits=l._values=
null,l._size>0&&(Ut[o]=!0,l._el=ut(Tr,w))}}function Rl(l,o,r,a){let[f,g,v,b]=r,S=o%2,T=0;return S==0&&(b||g)&&(T=o==0&&!f||o==2&&!v?Le(Do.size/3):0),S==1&&(f||v)&&
(T=o==1&&!g||o==3&&!b?Le(Oo.size/2):0),T}let Ci=n.padding=(e.padding||[Rl,Rl,Rl,Rl]).map(l=>ee(ie(l,Rl))),Rt=n._padding=Ci.map((l,o)=>l(n,o,Ut,0)),He,Pe=null,Ce=null,
Zl=s==1?x[0].idxs:null,dt=null,zl=!1;function Di(l,o){if(t=l??[],n.data=n._data=t,s==2){He=0;for(let r=1;r<x.length;r++)He+=t[r][0].length}else{t.length==0&&(n.
data=n._data=t=[[]]),dt=t[0],He=dt.length;let r=t;if(j==2){r=t.slice();let a=r[0]=Array(He);for(let f=0;f<He;f++)a[f]=f}n._data=t=r}if(dl(!0),ze("setData"),j==2&&
(rl=!0),o!==!1){let r=_;r.auto(n,zl)?Mn():Ot(A,r.min,r.max),Bt=Bt||R.left>=0,ot=!0,hl()}}n.setData=Di;function Mn(){zl=!0;let l,o;s==1&&(He>0?(Pe=Zl[0]=0,Ce=Zl[1]=
He-1,l=t[0][Pe],o=t[0][Ce],j==2?(l=Pe,o=Ce):l==o&&(j==3?[l,o]=dn(l,l,_.log,!1):j==4?[l,o]=di(l,l,_.log,!1):_.time?o=l+Le(86400/I):[l,o]=cn(l,o,hi,!0))):(Pe=Zl[0]=
l=null,Ce=Zl[1]=o=null)),Ot(A,l,o)}let Ql,pl,En,Ln,An,Pn,Cn,Dn,Rn,je;function Ri(l,o,r,a,f,g){l??=so,r??=mi,a??="butt",f??=so,g??="round",l!=Ql&&(m.strokeStyle=
Ql=l),f!=pl&&(m.fillStyle=pl=f),o!=En&&(m.lineWidth=En=o),g!=An&&(m.lineJoin=An=g),a!=Pn&&(m.lineCap=Pn=a),r!=Ln&&m.setLineDash(Ln=r)}function zi(l,o,r,a){o!=pl&&
(m.fillStyle=pl=o),l!=Cn&&(m.font=Cn=l),r!=Dn&&(m.textAlign=Dn=r),a!=Rn&&(m.textBaseline=Rn=a)}function zn(l,o,r,a,f=0){if(a.length>0&&l.auto(n,zl)&&(o==null||o.
min==null)){let g=ie(Pe,0),v=ie(Ce,a.length-1),b=r.min==null?Gr(a,g,v,f,l.distr==3):[r.min,r.max];l.min=vt(l.min,r.min=b[0]),l.max=Ke(l.max,r.max=b[1])}}let Oi={
min:null,max:null};function Js(){for(let a in k){let f=k[a];H[a]==null&&(f.min==null||H[A]!=null&&f.auto(n,zl))&&(H[a]=Oi)}for(let a in k){let f=k[a];H[a]==null&&
f.from!=null&&H[f.from]!=null&&(H[a]=Oi)}H[A]!=null&&dl(!0);let l={};for(let a in H){let f=H[a];if(f!=null){let g=l[a]=El(k[a],Jr);if(f.min!=null)Te(g,f);else if(a!=
A||s==2)if(He==0&&g.from==null){let v=g.range(n,null,null,a);g.min=v[0],g.max=v[1]}else g.min=fe,g.max=-fe}}if(He>0){x.forEach((a,f)=>{if(s==1){let g=a.scale,v=H[g];
if(v==null)return;let b=l[g];if(f==0){let S=b.range(n,b.min,b.max,g);b.min=S[0],b.max=S[1],Pe=wt(b.min,t[0]),Ce=wt(b.max,t[0]),Ce-Pe>1&&(t[0][Pe]<b.min&&Pe++,t[0][Ce]>
b.max&&Ce--),a.min=dt[Pe],a.max=dt[Ce]}else a.show&&a.auto&&zn(b,v,a,t[f],a.sorted);a.idxs[0]=Pe,a.idxs[1]=Ce}else if(f>0&&a.show&&a.auto){let[g,v]=a.facets,b=g.
scale,S=v.scale,[T,M]=t[f],L=l[b],B=l[S];L!=null&&zn(L,H[b],g,T,g.sorted),B!=null&&zn(B,H[S],v,M,v.sorted),a.min=v.min,a.max=v.max}});for(let a in l){let f=l[a],
g=H[a];if(f.from==null&&(g==null||g.min==null)){let v=f.range(n,f.min==fe?null:f.min,f.max==-fe?null:f.max,a);f.min=v[0],f.max=v[1]}}}for(let a in l){let f=l[a];
if(f.from!=null){let g=l[f.from];if(g.min==null)f.min=f.max=null;else{let v=f.range(n,g.min,g.max,a);f.min=v[0],f.max=v[1]}}}let o={},r=!1;for(let a in l){let f=l[a],
g=k[a];if(g.min!=f.min||g.max!=f.max){g.min=f.min,g.max=f.max;let v=g.distr;g._min=v==3?Pt(g.min):v==4?Jn(g.min,g.asinh):v==100?g.fwd(g.min):g.min,g._max=v==3?Pt(
g.max):v==4?Jn(g.max,g.asinh):v==100?g.fwd(g.max):g.max,o[a]=r=!0}}if(r){x.forEach((a,f)=>{s==2?f>0&&o.y&&(a._paths=null):o[a.scale]&&(a._paths=null)});for(let a in o)
rl=!0,ze("setScale",a);We&&R.left>=0&&(Bt=ot=!0)}for(let a in H)H[a]=null}function Zs(l){let o=ii(Pe-1,0,He-1),r=ii(Ce+1,0,He-1);for(;l[o]==null&&o>0;)o--;for(;l[r]==
null&&r<He-1;)r++;return[o,r]}function Qs(){if(He>0){let l=x.some(o=>o._focus)&&je!=St.alpha;l&&(m.globalAlpha=je=St.alpha),x.forEach((o,r)=>{if(r>0&&o.show&&(Hi(
r,!1),Hi(r,!0),o._paths==null)){let a=je;je!=o.alpha&&(m.globalAlpha=je=o.alpha);let f=s==2?[0,t[r][0].length-1]:Zs(t[r]);o._paths=o.paths(n,r,f[0],f[1]),je!=a&&
(m.globalAlpha=je=a)}}),x.forEach((o,r)=>{if(r>0&&o.show){let a=je;je!=o.alpha&&(m.globalAlpha=je=o.alpha),o._paths!=null&&Fi(r,!1);{let f=o._paths!=null?o._paths.
gaps:null,g=o.points.show(n,r,Pe,Ce,f),v=o.points.filter(n,r,g,f);(g||v)&&(o.points._paths=o.points.paths(n,r,Pe,Ce,v),Fi(r,!0))}je!=a&&(m.globalAlpha=je=a),ze(
"drawSeries",r)}}),l&&(m.globalAlpha=je=1)}}function Hi(l,o){let r=o?x[l].points:x[l];r._stroke=r.stroke(n,l),r._fill=r.fill(n,l)}function Fi(l,o){let r=o?x[l].
points:x[l],{stroke:a,fill:f,clip:g,flags:v,_stroke:b=r._stroke,_fill:S=r._fill,_width:T=r.width}=r._paths;T=pe(T*se,3);let M=null,L=T%2/2;o&&S==null&&(S=T>0?"#\
fff":b);let B=r.pxAlign==1&&L>0;if(B&&m.translate(L,L),!o){let oe=Je-T/2,ne=it-T/2,Q=Ye+T,G=pt+T;M=new Path2D,M.rect(oe,ne,Q,G)}o?On(b,T,r.dash,r.cap,S,a,f,v,g):
Xs(l,b,T,r.dash,r.cap,S,a,f,v,M,g),B&&m.translate(-L,-L)}function Xs(l,o,r,a,f,g,v,b,S,T,M){let L=!1;S!=0&&q.forEach((B,oe)=>{if(B.series[0]==l){let ne=x[B.series[1]],
Q=t[B.series[1]],G=(ne._paths||Kl).band;Nt(G)&&(G=B.dir==1?G[0]:G[1]);let z,me=null;ne.show&&G&&$r(Q,Pe,Ce)?(me=B.fill(n,oe)||g,z=ne._paths.clip):G=null,On(o,r,
a,f,me,v,b,S,T,M,z,G),L=!0}}),L||On(o,r,a,f,g,v,b,S,T,M)}let Ni=Ll|ri;function On(l,o,r,a,f,g,v,b,S,T,M,L){Ri(l,o,r,a,f),(S||T||L)&&(m.save(),S&&m.clip(S),T&&m.
clip(T)),L?(b&Ni)==Ni?(m.clip(L),M&&m.clip(M),en(f,v),Xl(l,g,o)):b&ri?(en(f,v),m.clip(L),Xl(l,g,o)):b&Ll&&(m.save(),m.clip(L),M&&m.clip(M),en(f,v),m.restore(),Xl(
l,g,o)):(en(f,v),Xl(l,g,o)),(S||T||L)&&m.restore()}function Xl(l,o,r){r>0&&(o instanceof Map?o.forEach((a,f)=>{m.strokeStyle=Ql=f,m.stroke(a)}):o!=null&&l&&m.stroke(
o))}function en(l,o){o instanceof Map?o.forEach((r,a)=>{m.fillStyle=pl=a,m.fill(r)}):o!=null&&l&&m.fill(o)}function er(l,o,r,a){let f=N[l],g;if(a<=0)g=[0,0];else{
let v=f._space=f.space(n,l,o,r,a),b=f._incrs=f.incrs(n,l,o,r,a,v);g=cu(o,r,b,a,v)}return f._found=g}function Hn(l,o,r,a,f,g,v,b,S,T){let M=v%2/2;F==1&&m.translate(
M,M),Ri(b,v,S,T,b),m.beginPath();let L,B,oe,ne,Q=f+(a==0||a==3?-g:g);r==0?(B=f,ne=Q):(L=f,oe=Q);for(let G=0;G<l.length;G++)o[G]!=null&&(r==0?L=oe=l[G]:B=ne=l[G],
m.moveTo(L,B),m.lineTo(oe,ne));m.stroke(),F==1&&m.translate(-M,-M)}function tr(l){let o=!0;return N.forEach((r,a)=>{if(!r.show)return;let f=k[r.scale];if(f.min==
null){r._show&&(o=!1,r._show=!1,dl(!1));return}else r._show||(o=!1,r._show=!0,dl(!1));let g=r.side,v=g%2,{min:b,max:S}=f,[T,M]=er(a,b,S,v==0?Y:E);if(M==0)return;
let L=f.distr==2,B=r._splits=r.splits(n,a,b,S,T,M,L),oe=f.distr==2?B.map(z=>dt[z]):B,ne=f.distr==2?dt[B[1]]-dt[B[0]]:T,Q=r._values=r.values(n,r.filter(n,oe,a,M,
ne),a,M,ne);r._rotate=g==2?r.rotate(n,Q,a,M):0;let G=r._size;r._size=ct(r.size(n,Q,a,l)),G!=null&&r._size!=G&&(o=!1)}),o}function lr(l){let o=!0;return Ci.forEach(
(r,a)=>{let f=r(n,a,Ut,l);f!=Rt[a]&&(o=!1),Rt[a]=f}),o}function nr(){for(let l=0;l<N.length;l++){let o=N[l];if(!o.show||!o._show)continue;let r=o.side,a=r%2,f,g,
v=o.stroke(n,l),b=r==0||r==3?-1:1,[S,T]=o._found;if(o.label!=null){let $e=o.labelGap*b,Xe=Le((o._lpos+$e)*se);zi(o.labelFont[0],v,"center",r==2?"top":oo),m.save(),
a==1?(f=g=0,m.translate(Xe,Le(it+pt/2)),m.rotate((r==3?-an:an)/2)):(f=Le(Je+Ye/2),g=Xe);let qt=qo(o.label)?o.label(n,l,S,T):o.label;m.fillText(qt,f,g),m.restore()}
if(T==0)continue;let M=k[o.scale],L=a==0?Ye:pt,B=a==0?Je:it,oe=o._splits,ne=M.distr==2?oe.map($e=>dt[$e]):oe,Q=M.distr==2?dt[oe[1]]-dt[oe[0]]:S,G=o.ticks,z=o.border,
me=G.show?G.size:0,xe=Le(me*se),Oe=Le((o.alignTo==2?o._size-me-o.gap:o.gap)*se),ce=o._rotate*-an/180,ke=W(o._pos*se),Ze=(xe+Oe)*b,Ie=ke+Ze;g=a==0?Ie:0,f=a==1?Ie:
0;let rt=o.font[0],ht=o.align==1?xl:o.align==2?Yn:ce>0?xl:ce<0?Yn:a==0?"center":r==3?Yn:xl,_t=ce||a==1?"middle":r==2?"top":oo;zi(rt,v,ht,_t);let Qe=o.font[1]*o.
lineGap,at=oe.map($e=>W(p($e,M,L,B))),gt=o._values;for(let $e=0;$e<gt.length;$e++){let Xe=gt[$e];if(Xe!=null){a==0?f=at[$e]:g=at[$e],Xe=""+Xe;let qt=Xe.indexOf(
`
`)==-1?[Xe]:Xe.split(/\n/gm);for(let Be=0;Be<qt.length;Be++){let no=qt[Be];ce?(m.save(),m.translate(f,g+Be*Qe),m.rotate(ce),m.fillText(no,0,0),m.restore()):m.fillText(
no,f,g+Be*Qe)}}}G.show&&Hn(at,G.filter(n,ne,l,T,Q),a,r,ke,xe,pe(G.width*se,3),G.stroke(n,l),G.dash,G.cap);let Tt=o.grid;Tt.show&&Hn(at,Tt.filter(n,ne,l,T,Q),a,a==
0?2:1,a==0?it:Je,a==0?pt:Ye,pe(Tt.width*se,3),Tt.stroke(n,l),Tt.dash,Tt.cap),z.show&&Hn([ke],[1],a==0?1:0,a==0?1:2,a==1?it:Je,a==1?pt:Ye,pe(z.width*se,3),z.stroke(
n,l),z.dash,z.cap)}ze("drawAxes")}function dl(l){x.forEach((o,r)=>{r>0&&(o._paths=null,l&&(s==1?(o.min=null,o.max=null):o.facets.forEach(a=>{a.min=null,a.max=null})))})}
let tn=!1,Fn=!1,Ol=[];function ir(){Fn=!1;for(let l=0;l<Ol.length;l++)ze(...Ol[l]);Ol.length=0}function hl(){tn||(na(Vi),tn=!0)}function or(l,o=!1){tn=!0,Fn=o,l(
n),Vi(),o&&Ol.length>0&&queueMicrotask(ir)}n.batch=or;function Vi(){if(_n&&(Js(),_n=!1),rl&&($s(),rl=!1),ql){if(we(C,xl,de),we(C,"top",Ee),we(C,Gl,Y),we(C,Il,E),
we(P,xl,de),we(P,"top",Ee),we(P,Gl,Y),we(P,Il,E),we(w,Gl,Lt),we(w,Il,Gt),y.width=Le(Lt*se),y.height=Le(Gt*se),N.forEach(({_el:l,_show:o,_size:r,_pos:a,side:f})=>{
if(l!=null)if(o){let g=f===3||f===0?r:0,v=f%2==1;we(l,v?"left":"top",a-g),we(l,v?"width":"height",r),we(l,v?"top":"left",v?Ee:de),we(l,v?"height":"width",v?E:Y),
li(l,Qt)}else et(l,Qt)}),Ql=pl=En=An=Pn=Cn=Dn=Rn=Ln=null,je=1,Nl(!0),de!=sl||Ee!=It||Y!=bt||E!=$t){dl(!1);let l=Y/bt,o=E/$t;if(We&&!Bt&&R.left>=0){R.left*=l,R.top*=
o,gl&&Mt(gl,Le(R.left),0,Y,E),ml&&Mt(ml,0,Le(R.top),Y,E);for(let r=0;r<st.length;r++){let a=st[r];a!=null&&(cl[r]*=l,fl[r]*=o,Mt(a,ct(cl[r]),ct(fl[r]),Y,E))}}if(ge.
show&&!Jl&&ge.left>=0&&ge.width>0){ge.left*=l,ge.width*=l,ge.top*=o,ge.height*=o;for(let r in $n)we(yl,r,ge[r])}sl=de,It=Ee,bt=Y,$t=E}ze("setSize"),ql=!1}Lt>0&&
Gt>0&&(m.clearRect(0,0,y.width,y.height),ze("drawClear"),U.forEach(l=>l()),ze("draw")),ge.show&&Jl&&(ln(ge),Jl=!1),We&&Bt&&(jt(null,!0,!1),Bt=!1),Z.show&&Z.live&&
ot&&(Gn(),ot=!1),d||(d=!0,n.status=1,ze("ready")),zl=!1,tn=!1}n.redraw=(l,o)=>{rl=o||!1,l!==!1?Ot(A,_.min,_.max):hl()};function Nn(l,o){let r=k[l];if(r.from==null){
if(He==0){let a=r.range(n,o.min,o.max,l);o.min=a[0],o.max=a[1]}if(o.min>o.max){let a=o.min;o.min=o.max,o.max=a}if(He>1&&o.min!=null&&o.max!=null&&o.max-o.min<1e-16)
return;l==A&&r.distr==2&&He>0&&(o.min=wt(o.min,t[0]),o.max=wt(o.max,t[0]),o.min==o.max&&o.max++),H[l]=o,_n=!0,hl()}}n.setScale=Nn;let Vn,Wn,gl,ml,Wi,Gi,wl,vl,Ii,
$i,he,be,zt=!1,Fe=R.drag,De=Fe.x,Re=Fe.y;We&&(R.x&&(Vn=ut(Er,P)),R.y&&(Wn=ut(Lr,P)),_.ori==0?(gl=Vn,ml=Wn):(gl=Wn,ml=Vn),he=R.left,be=R.top);let ge=n.select=Te(
{show:!0,over:!0,left:0,width:0,top:0,height:0},e.select),yl=ge.show?ut(Mr,ge.over?P:C):null;function ln(l,o){if(ge.show){for(let r in l)ge[r]=l[r],r in $n&&we(
yl,r,l[r]);o!==!1&&ze("setSelect")}}n.setSelect=ln;function sr(l){if(x[l].show)Me&&li(Se[l],Qt);else if(Me&&et(Se[l],Qt),We){let r=ul?st[0]:st[l];r!=null&&Mt(r,
-10,-10,Y,E)}}function Ot(l,o,r){Nn(l,{min:o,max:r})}function xt(l,o,r,a){o.focus!=null&&fr(l),o.show!=null&&x.forEach((f,g)=>{g>0&&(l==g||l==null)&&(f.show=o.show,
sr(g),s==2?(Ot(f.facets[0].scale,null,null),Ot(f.facets[1].scale,null,null)):Ot(f.scale,null,null),hl())}),r!==!1&&ze("setSeries",l,o),a&&Vl("setSeries",n,l,o)}
n.setSeries=xt;function rr(l,o){Te(q[l],o)}function ar(l,o){l.fill=ee(l.fill||null),l.dir=ie(l.dir,-1),o=o??q.length,q.splice(o,0,l)}function ur(l){l==null?q.length=
0:q.splice(l,1)}n.addBand=ar,n.setBand=rr,n.delBand=ur;function cr(l,o){x[l].alpha=o,We&&st[l]!=null&&(st[l].style.opacity=o),Me&&Se[l]&&(Se[l].style.opacity=o)}
let At,Ht,Yt,bl={focus:!0};function fr(l){if(l!=Yt){let o=l==null,r=St.alpha!=1;x.forEach((a,f)=>{if(s==1||f>0){let g=o||f==0||f==l;a._focus=o?null:g,r&&cr(f,g?
1:St.alpha)}}),Yt=l,r&&hl()}}Me&&al&&Ge(uo,re,l=>{R._lock||(Kt(l),Yt!=null&&xt(null,bl,!0,_e.setSeries))});function kt(l,o,r){let a=k[o];r&&(l=l/se-(a.ori==1?Ee:
de));let f=Y;a.ori==1&&(f=E,l=f-l),a.dir==-1&&(l=f-l);let g=a._min,v=a._max,b=l/f,S=g+(v-g)*b,T=a.distr;return T==3?Tl(10,S):T==4?Kr(S,a.asinh):T==100?a.bwd(S):
S}function pr(l,o){let r=kt(l,A,o);return wt(r,t[0],Pe,Ce)}n.valToIdx=l=>wt(l,t[0]),n.posToIdx=pr,n.posToVal=kt,n.valToPos=(l,o,r)=>k[o].ori==0?u(l,k[o],r?Ye:Y,
r?Je:0):c(l,k[o],r?pt:E,r?it:0),n.setCursor=(l,o,r)=>{he=l.left,be=l.top,jt(null,o,r)};function Bi(l,o){we(yl,xl,ge.left=l),we(yl,Gl,ge.width=o)}function Ki(l,o){
we(yl,"top",ge.top=l),we(yl,Il,ge.height=o)}let Hl=_.ori==0?Bi:Ki,Fl=_.ori==1?Bi:Ki;function dr(){if(Me&&Z.live)for(let l=s==2?1:0;l<x.length;l++){if(l==0&&nt)continue;
let o=Z.values[l],r=0;for(let a in o)yt[l][r++].firstChild.nodeValue=o[a]}}function Gn(l,o){if(l!=null&&(l.idxs?l.idxs.forEach((r,a)=>{ue[a]=r}):qr(l.idx)||ue.fill(
l.idx),Z.idx=ue[0]),Me&&Z.live){for(let r=0;r<x.length;r++)(r>0||s==1&&!nt)&&hr(r,ue[r]);dr()}ot=!1,o!==!1&&ze("setLegend")}n.setLegend=Gn;function hr(l,o){let r=x[l],
a=l==0&&j==2?dt:t[l],f;nt?f=r.values(n,l,o)??Dt:(f=r.value(n,o==null?null:a[o],l,o),f=f==null?Dt:{_:f}),Z.values[l]=f}function jt(l,o,r){Ii=he,$i=be,[he,be]=R.move(
n,he,be),R.left=he,R.top=be,We&&(gl&&Mt(gl,Le(he),0,Y,E),ml&&Mt(ml,0,Le(be),Y,E));let a,f=Pe>Ce;At=fe,Ht=null;let g=_.ori==0?Y:E,v=_.ori==1?Y:E;if(he<0||He==0||
f){a=R.idx=null;for(let b=0;b<x.length;b++){let S=st[b];S!=null&&Mt(S,-10,-10,Y,E)}al&&xt(null,bl,!0,l==null&&_e.setSeries),Z.live&&(ue.fill(a),ot=!0)}else{let b,
S,T;s==1&&(b=_.ori==0?he:be,S=kt(b,A),a=R.idx=wt(S,t[0],Pe,Ce),T=D(t[0][a],_,g,0));let M=-10,L=-10,B=0,oe=0,ne=!0,Q="",G="";for(let z=s==2?1:0;z<x.length;z++){let me=x[z],
xe=ue[z],Oe=xe==null?null:s==1?t[z][xe]:t[z][1][xe],ce=R.dataIdx(n,z,a,S),ke=ce==null?null:s==1?t[z][ce]:t[z][1][ce];if(ot=ot||ke!=Oe||ce!=xe,ue[z]=ce,z>0&&me.show){
let Ze=ce==null?-10:ce==a?T:D(s==1?t[0][ce]:t[z][0][ce],_,g,0),Ie=ke==null?-10:$(ke,s==1?k[me.scale]:k[me.facets[1].scale],v,0);if(al&&ke!=null){let rt=_.ori==1?
he:be,ht=Ae(St.dist(n,z,ce,Ie,rt));if(ht<At){let _t=St.bias;if(_t!=0){let Qe=kt(rt,me.scale),at=ke>=0?1:-1,gt=Qe>=0?1:-1;gt==at&&(gt==1?_t==1?ke>=Qe:ke<=Qe:_t==
1?ke<=Qe:ke>=Qe)&&(At=ht,Ht=z)}else At=ht,Ht=z}}if(ot||ul){let rt,ht;_.ori==0?(rt=Ze,ht=Ie):(rt=Ie,ht=Ze);let _t,Qe,at,gt,Tt,$e,Xe=!0,qt=Ve.bbox;if(qt!=null){Xe=
!1;let Be=qt(n,z);at=Be.left,gt=Be.top,_t=Be.width,Qe=Be.height}else at=rt,gt=ht,_t=Qe=Ve.size(n,z);if($e=Ve.fill(n,z),Tt=Ve.stroke(n,z),ul)z==Ht&&At<=St.prox&&
(M=at,L=gt,B=_t,oe=Qe,ne=Xe,Q=$e,G=Tt);else{let Be=st[z];Be!=null&&(cl[z]=at,fl[z]=gt,wo(Be,_t,Qe,Xe),go(Be,$e,Tt),Mt(Be,ct(at),ct(gt),Y,E))}}}}if(ul){let z=St.
prox,me=Yt==null?At<=z:At>z||Ht!=Yt;if(ot||me){let xe=st[0];xe!=null&&(cl[0]=M,fl[0]=L,wo(xe,B,oe,ne),go(xe,Q,G),Mt(xe,ct(M),ct(L),Y,E))}}}if(ge.show&&zt)if(l!=
null){let[b,S]=_e.scales,[T,M]=_e.match,[L,B]=l.cursor.sync.scales,oe=l.cursor.drag;if(De=oe._x,Re=oe._y,De||Re){let{left:ne,top:Q,width:G,height:z}=l.select,me=l.
scales[L].ori,xe=l.posToVal,Oe,ce,ke,Ze,Ie,rt=b!=null&&T(b,L),ht=S!=null&&M(S,B);rt&&De?(me==0?(Oe=ne,ce=G):(Oe=Q,ce=z),ke=k[b],Ze=D(xe(Oe,L),ke,g,0),Ie=D(xe(Oe+
ce,L),ke,g,0),Hl(vt(Ze,Ie),Ae(Ie-Ze))):Hl(0,g),ht&&Re?(me==1?(Oe=ne,ce=G):(Oe=Q,ce=z),ke=k[S],Ze=$(xe(Oe,B),ke,v,0),Ie=$(xe(Oe+ce,B),ke,v,0),Fl(vt(Ze,Ie),Ae(Ie-
Ze))):Fl(0,v)}else Bn()}else{let b=Ae(Ii-Wi),S=Ae($i-Gi);if(_.ori==1){let B=b;b=S,S=B}De=Fe.x&&b>=Fe.dist,Re=Fe.y&&S>=Fe.dist;let T=Fe.uni;T!=null?De&&Re&&(De=b>=
T,Re=S>=T,!De&&!Re&&(S>b?Re=!0:De=!0)):Fe.x&&Fe.y&&(De||Re)&&(De=Re=!0);let M,L;De&&(_.ori==0?(M=wl,L=he):(M=vl,L=be),Hl(vt(M,L),Ae(L-M)),Re||Fl(0,v)),Re&&(_.ori==
1?(M=wl,L=he):(M=vl,L=be),Fl(vt(M,L),Ae(L-M)),De||Hl(0,g)),!De&&!Re&&(Hl(0,0),Fl(0,0))}if(Fe._x=De,Fe._y=Re,l==null){if(r){if(lo!=null){let[b,S]=_e.scales;_e.values[0]=
b!=null?kt(_.ori==0?he:be,b):null,_e.values[1]=S!=null?kt(_.ori==1?he:be,S):null}Vl(jn,n,he,be,Y,E,a)}if(al){let b=r&&_e.setSeries,S=St.prox;Yt==null?At<=S&&xt(
Ht,bl,!0,b):At>S?xt(null,bl,!0,b):Ht!=Yt&&xt(Ht,bl,!0,b)}}ot&&(Z.idx=a,Gn()),o!==!1&&ze("setCursor")}let Ft=null;Object.defineProperty(n,"rect",{get(){return Ft==
null&&Nl(!1),Ft}});function Nl(l=!1){l?Ft=null:(Ft=P.getBoundingClientRect(),ze("syncRect",Ft))}function Ui(l,o,r,a,f,g,v){R._lock||zt&&l!=null&&l.movementX==0&&
l.movementY==0||(In(l,o,r,a,f,g,v,!1,l!=null),l!=null?jt(null,!0,!0):jt(o,!0,!1))}function In(l,o,r,a,f,g,v,b,S){if(Ft==null&&Nl(!1),Kt(l),l!=null)r=l.clientX-Ft.
left,a=l.clientY-Ft.top;else{if(r<0||a<0){he=-10,be=-10;return}let[T,M]=_e.scales,L=o.cursor.sync,[B,oe]=L.values,[ne,Q]=L.scales,[G,z]=_e.match,me=o.axes[0].side%
2==1,xe=_.ori==0?Y:E,Oe=_.ori==1?Y:E,ce=me?g:f,ke=me?f:g,Ze=me?a:r,Ie=me?r:a;if(ne!=null?r=G(T,ne)?p(B,k[T],xe,0):-10:r=xe*(Ze/ce),Q!=null?a=z(M,Q)?p(oe,k[M],Oe,
0):-10:a=Oe*(Ie/ke),_.ori==1){let rt=r;r=a,a=rt}}S&&(o==null||o.cursor.event.type==jn)&&((r<=1||r>=Y-1)&&(r=Jt(r,Y)),(a<=1||a>=E-1)&&(a=Jt(a,E))),b?(Wi=r,Gi=a,[
wl,vl]=R.move(n,r,a)):(he=r,be=a)}let $n={width:0,height:0,left:0,top:0};function Bn(){ln($n,!1)}let Yi,ji,qi,Ji;function Zi(l,o,r,a,f,g,v){zt=!0,De=Re=Fe._x=Fe.
_y=!1,In(l,o,r,a,f,g,v,!0,!1),l!=null&&(Ge(qn,ei,Qi,!1),Vl(ro,n,wl,vl,Y,E,null));let{left:b,top:S,width:T,height:M}=ge;Yi=b,ji=S,qi=T,Ji=M}function Qi(l,o,r,a,f,g,v){
zt=Fe._x=Fe._y=!1,In(l,o,r,a,f,g,v,!1,!0);let{left:b,top:S,width:T,height:M}=ge,L=T>0||M>0,B=Yi!=b||ji!=S||qi!=T||Ji!=M;if(L&&B&&ln(ge),Fe.setScale&&L&&B){let oe=b,
ne=T,Q=S,G=M;if(_.ori==1&&(oe=S,ne=M,Q=b,G=T),De&&Ot(A,kt(oe,A),kt(oe+ne,A)),Re)for(let z in k){let me=k[z];z!=A&&me.from==null&&me.min!=fe&&Ot(z,kt(Q+G,z),kt(Q,
z))}Bn()}else R.lock&&(R._lock=!R._lock,jt(o,!0,l!=null));l!=null&&(ol(qn,ei),Vl(qn,n,he,be,Y,E,null))}function gr(l,o,r,a,f,g,v){if(R._lock)return;Kt(l);let b=zt;
if(zt){let S=!0,T=!0,M=10,L,B;_.ori==0?(L=De,B=Re):(L=Re,B=De),L&&B&&(S=he<=M||he>=Y-M,T=be<=M||be>=E-M),L&&S&&(he=he<wl?0:Y),B&&T&&(be=be<vl?0:E),jt(null,!0,!0),
zt=!1}he=-10,be=-10,ue.fill(null),jt(null,!0,!0),b&&(zt=b)}function Xi(l,o,r,a,f,g,v){R._lock||(Kt(l),Mn(),Bn(),l!=null&&Vl(co,n,he,be,Y,E,null))}function eo(){
N.forEach(fu),Tn(n.width,n.height,!0)}Xt(un,_l,eo);let Sl={};Sl.mousedown=Zi,Sl.mousemove=Ui,Sl.mouseup=Qi,Sl.dblclick=Xi,Sl.setSeries=(l,o,r,a)=>{let f=_e.match[2];
r=f(n,o,r),r!=-1&&xt(r,a,!0,!1)},We&&(Ge(ro,P,Zi),Ge(jn,P,Ui),Ge(ao,P,l=>{Kt(l),Nl(!1)}),Ge(uo,P,gr),Ge(co,P,Xi),ai.add(n),n.syncRect=Nl);let nn=n.hooks=e.hooks||
{};function ze(l,o,r){Fn?Ol.push([l,o,r]):l in nn&&nn[l].forEach(a=>{a.call(null,n,o,r)})}(e.plugins||[]).forEach(l=>{for(let o in l.hooks)nn[o]=(nn[o]||[]).concat(
l.hooks[o])});let to=(l,o,r)=>r,_e=Te({key:null,setSeries:!1,filters:{pub:xo,sub:xo},scales:[A,x[1]?x[1].scale:null],match:[ko,ko,to],values:[null,null]},R.sync);
_e.match.length==2&&_e.match.push(to),R.sync=_e;let lo=_e.key,Kn=ys(lo);function Vl(l,o,r,a,f,g,v){_e.filters.pub(l,o,r,a,f,g,v)&&Kn.pub(l,o,r,a,f,g,v)}Kn.sub(n);
function mr(l,o,r,a,f,g,v){_e.filters.sub(l,o,r,a,f,g,v)&&Sl[l](null,o,r,a,f,g,v)}n.pub=mr;function wr(){Kn.unsub(n),ai.delete(n),Wt.clear(),ni(un,_l,eo),h.remove(),
re?.remove(),ze("destroy")}n.destroy=wr;function Un(){ze("init",e,t),Di(t||e.data,!1),H[A]?Nn(A,H[A]):Mn(),Jl=ge.show&&(ge.width>0||ge.height>0),Bt=ot=!0,Tn(e.width,
e.height)}return x.forEach(Pi),N.forEach(qs),i?i instanceof HTMLElement?(i.appendChild(h),Un()):i(n,Un):Un(),n}Ne.assign=Te;Ne.fmtNum=gi;Ne.rangeNum=cn;Ne.rangeLog=
dn;Ne.rangeAsinh=di;Ne.orient=tl;Ne.pxRatio=se;Ne.join=la;Ne.fmtDate=wi,Ne.tzDate=da;Ne.sync=ys;{Ne.addGap=qa,Ne.clipGaps=mn;let e=Ne.paths={points:Ts};e.linear=
Es,e.stepped=Qa,e.bars=Xa,e.spline=tu}function V(e,t={},...i){let n=document.createElement(e);for(let[s,u]of Object.entries(t))u===!1||u===null||u===void 0||n.setAttribute(s,u===!0?"":String(u));return n.
append(...i.filter(s=>!!s||s==="")),n}function _i(e,t,i={}){let n=V("button",{type:"button",class:`loopai-button ${i.class??""}`.trim(),title:i.title??null,"aria-keyshortcuts":i.key??null},e,i.key!==
void 0&&V("kbd",{"aria-hidden":"true"},i.key));return n.addEventListener("click",t),n}function ll(e){return e<1e3?`${Math.round(e)} ms`:`${(e/1e3).toFixed(1)} s`}function bn(e){let t=Math.round(e),i=s=>String(s).padStart(2,"0");if(t<60)return e<10&&
e%1>.05&&e%1<.95?`${e.toFixed(1)} s`:`${t} s`;if(t<3600)return`${Math.floor(t/60)}:${i(t%60)} min`;let n=Math.round(t/60);return`${Math.floor(n/60)}:${i(n%60)} \
h`}function Cs(e,t){let i=(t-e)/2.2,n=10**Math.floor(Math.log10(i)),s=([1,2,2.5,5].findLast(c=>c*n<=i)??1)*n,u=[];for(let c=Math.ceil(e/s)*s;c<=t;c+=s)u.push(c);
return u}var zs=112,pu=12,du=400,Sn=class{element=V("figure",{class:"loopai-chart",hidden:!0});canvas=V("div",{class:"canvas",role:"img"});table=V("tbody");details=V("de\
tails",{},V("summary",{},"Latency over time as numbers"));sizes;themes;plot=null;course=null;colours="";constructor(){let t=["after","answers/s","p50","p95"].map(
n=>V("th",{scope:"col"},n));this.details.append(V("table",{},V("thead",{},V("tr",{},...t)),this.table)),this.details.addEventListener("toggle",()=>this.fillTable());
let i=V("figcaption",{class:"loopai-quiet"},"Latency ",V("span",{class:"key p50"},V("i",{"aria-hidden":"true"}),"p50"),V("span",{class:"key p95"},V("i",{"aria-h\
idden":"true"}),"p95"));this.element.append(i,this.canvas,this.details),this.sizes=new ResizeObserver(()=>this.resize()),this.sizes.observe(this.canvas),this.themes=
new MutationObserver(()=>window.setTimeout(()=>this.recolour(),du)),this.themes.observe(document.body,{attributes:!0,attributeFilter:["data-jp-theme-light","cla\
ss"]})}show(t){this.course=t;let i=t.p50_ms.filter(n=>n!==null).length;this.element.hidden=i<2,!(i<2)&&(this.canvas.setAttribute("aria-label",hu(t)),this.plot===
null?this.redraw():this.plot.setData(Ds(t)),this.recolour(),this.fillTable())}close(){this.sizes.disconnect(),this.themes.disconnect(),this.plot?.destroy(),this.
plot=null}resize(){let t=this.canvas.clientWidth;t!==0&&(this.plot===null?this.redraw():this.plot.width!==t&&this.plot.setSize({width:t,height:zs}))}recolour(){
this.plot!==null&&Object.values(Rs(this.canvas)).join()!==this.colours&&this.redraw()}redraw(){let t=this.canvas.clientWidth;if(this.course===null||t===0)return;
this.plot?.destroy();let i=Rs(this.canvas);this.colours=Object.values(i).join(),this.plot=new Ne(gu(t,this.canvas,i),Ds(this.course),this.canvas)}fillTable(){if(!this.
details.open||this.course===null)return;let{at_s:t,per_s:i,p50_ms:n,p95_ms:s}=this.course,u=t.map((d,h)=>h).filter(d=>n[d]!==null),c=Math.ceil(u.length/pu),p=u.
filter((d,h)=>(u.length-1-h)%c===0);this.table.replaceChildren(...p.map(d=>V("tr",{},V("td",{},bn(t[d])),V("td",{},i[d].toFixed(1)),V("td",{},ll(n[d])),V("td",{},
ll(s[d])))))}};function Ds({at_s:e,p50_ms:t,p95_ms:i}){return[e,t,i]}function hu({at_s:e,p50_ms:t,p95_ms:i}){let n=t.findLastIndex(u=>u!==null),s=Math.max(...i.
map(u=>u??0));return`Latency over ${bn(e.at(-1)??0)}: lately p50 ${ll(t[n])}, p95 ${ll(i[n])}; at most ${ll(s)}`}function gu(e,t,{ink:i,rule:n,p50:s,p95:u}){let c=`\
11px ${getComputedStyle(t).fontFamily}`,p={stroke:n,width:1},d={width:1.75,spanGaps:!0,points:{show:!1}};return{width:e,height:zs,padding:[8,14,0,0],legend:{show:!1},
cursor:{show:!1},select:{show:!1,left:0,top:0,width:0,height:0},scales:{x:{time:!1,range:(h,y,m)=>[0,m]},y:{range:(h,y,m)=>[0,Math.max(1,m*1.08)]}},axes:[{stroke:i,
font:c,size:24,gap:4,grid:{show:!1},ticks:{...p,size:4},space:70,values:(h,y)=>y.map(bn)},{stroke:i,font:c,size:62,gap:6,grid:p,ticks:{show:!1},splits:(h,y,m,w)=>Cs(
m,w),values:(h,y)=>y.map(ll)}],series:[{},{...d,label:"p50",stroke:s},{...d,label:"p95",stroke:u,dash:[5,3]}]}}function Rs(e){let t=V("span",{hidden:!0});e.append(
t);let i=s=>(t.style.color=`var(${s})`,getComputedStyle(t).color),n={ink:i("--loopai-quiet"),rule:i("--loopai-line"),p50:i("--loopai-accent"),p95:i("--loopai-wa\
rn")};return t.remove(),n}var Yl=class extends Error{},xn=class{constructor(t){this.model=t;t.on("msg:custom",this.receive)}model;waiting=new Map;heard=new Map;unheard=new Map;name=Math.
random().toString(36).slice(2,10);asked=0;ask(t,i={}){let n=`${this.name}-${this.asked+=1}`;return new Promise((s,u)=>{this.waiting.set(n,{resolve:s,reject:u});
let c=()=>this.model.send({...i,id:n,kind:t});t==="open"?Ti(c,()=>!this.waiting.has(n)):c()})}hear(t,i){this.heard.set(t,i),this.unheard.has(t)&&(i(this.unheard.
get(t)),this.unheard.delete(t))}close(){this.model.off("msg:custom",this.receive),this.waiting.clear()}receive=t=>{let i=t;if(i.push!==void 0){let s=this.heard.
get(i.push);s===void 0?this.unheard.set(i.push,i.data):s(i.data);return}let n=i.id===void 0?void 0:this.waiting.get(i.id);i.id===void 0||n===void 0||(this.waiting.
delete(i.id),i.error===void 0?n.resolve(i.ok):n.reject(new Yl(i.error)))}};function Os({model:e}){let t=!1,i=n=>{t||=n.push==="met",t&&e.off("msg:custom",i)};e.
on("msg:custom",i),Ti(()=>e.send({kind:"hello"}),()=>t)}var mu=400,wu=5e3,vu=25;function Ti(e,t,i=vu,n=mu){e();let s=Math.min(1.5*n,wu);i>1&&window.setTimeout(()=>t()||
Ti(e,t,i-1,s),n)}var yu=40,bu=75,Hs=".jp-NotebookPanel",Fs=".jp-OutputArea",Mi="jp-RenderedHTMLCommon";async function Su(e,t,i){let n=await t.ask("house"),s=n===null?null:await ku(
n,e);if(n===null||s===null){await t.ask("homeless");return}let u=s.closest(`.${Mi}`);u?.classList.remove(Mi);let c=xu(`${n}-kept`,s),p=document.activeElement;s.
append(e),p instanceof HTMLElement&&e.contains(p)&&p.focus({preventScroll:!0}),i(()=>{e.remove(),c(),u?.classList.add(Mi)}),await t.ask("housed")}function xu(e,t){
let i=t.closest(Hs),n=`${e}-here`;i?.classList.add(n);let s=i===null?"":`.${n}`,u=V("style",{},`${s} div.${e} { display: none }`,`${s} ${Fs}-child:has(div.${e})\
 { display: none }`);return t.append(u),()=>{u.remove(),i?.classList.remove(n)}}async function ku(e,t){for(let i=0;i<yu;i+=1){let s=(t.closest(Hs)??t.getRootNode()).
querySelector(`.${e}`);if(s!==null)return s;if(t.isConnected&&t.closest(Fs)===null)return null;await new Promise(u=>window.setTimeout(u,bu))}return null}function Ns(e){
return()=>{let t=null,i=new Set;return{initialize({model:n}){return t=n,Os({model:n}),()=>{for(let s of i)s()}},render({model:n,el:s}){let u=new xn(t??n),c=V("d\
iv"),p=null,d=null,h=!1,y=()=>{h=!0,i.delete(y),d?.close(),p?.(),u.close()};return i.add(y),s.append(c),u.hear("closed",y),(async()=>{let m=await u.ask("open");
await Su(c,u,w=>{p=w,h?w():d=e(u,c,m)}),h||(d??=e(u,c,m))})(),()=>{p===null&&y()}}}}}function _u(e){return e.altKey?"":e.ctrlKey||e.metaKey?e.key==="Enter"?"Ctrl+Enter":"":e.key}var Tu=new Set(["INPUT","TEXTAREA","SELECT"]);function Vs(e,t,i={}){
e.tabIndex=0,e.setAttribute("data-lm-suppress-shortcuts","true"),e.addEventListener("focusin",n=>{n.target.setAttribute("data-lm-suppress-shortcuts","true")}),e.
addEventListener("keydown",n=>{n.stopPropagation();let s=n.target,u=_u(n),c=Tu.has(s.tagName);if(s.tagName==="TEXTAREA"&&u==="Enter"||!c&&s.tagName==="BUTTON"&&
(u==="Enter"||u===" "))return;let p=(c?i:t)[u];p===void 0||u===""||(n.preventDefault(),p())})}var Ws=[["cached","from the ledger"],["answered","answered"],["failed","failed"],["in_flight","in flight"],["to_go","to go"]],Gs=25,Ei=class{constructor(t,i,{run:n,
what:s,progress:u,chart:c}){this.kernel=t;i.append(this.root),Vs(this.root,{p:()=>{this.turn()},c:()=>{this.cancel()}}),this.title.textContent=`Run ${n}`,this.what.
textContent=s,this.root.setAttribute("aria-label",`Run ${n}`);for(let[p,d]of Ws)this.addPart(p,d);this.root.replaceChildren(V("div",{class:"head"},this.title,this.
what,this.state),V("div",{class:"how-far"},this.bar,this.legend),this.figures,this.chart.element,this.warnings,V("div",{class:"foot"},this.pauseButton,this.cancelButton,
this.server),this.said,this.heard),this.fill(u),this.chart.show(c),this.kernel.hear("progress",p=>this.fill(p)),this.kernel.hear("chart",p=>this.chart.show(p))}kernel;root=V(
"section",{class:"loopai-panel loopai-progress","aria-label":"Run that is being carried out"});title=V("h3");what=V("span",{class:"what loopai-quiet"});state=V(
"span",{class:"state"});bar=V("div",{class:"bar",role:"progressbar","aria-valuemin":0,"aria-valuemax":100,"aria-label":"Requests that are done"});legend=V("ul",
{class:"legend"});figures=V("dl",{class:"figures"});server=V("p",{class:"server"});warnings=V("ul",{class:"warnings",role:"alert"});said=V("div",{class:"said lo\
opai-bad",role:"alert"});heard=V("div",{class:"loopai-hidden",role:"status"});pauseButton=_i("Pause",()=>{this.turn()},{class:"loopai-main",key:"p"});cancelButton=_i(
"Cancel",()=>{this.cancel()},{key:"c",title:"what is answered is kept, and the run can be resumed"});chart=new Sn;fills=new Map;counts=new Map;shown=null;told="";busy=!1;close(){
this.chart.close()}addPart(t,i){let n=V("b");if(this.counts.set(t,n),this.legend.append(V("li",{class:`part ${t}`},V("i",{"aria-hidden":"true"}),n,i)),t==="to_g\
o")return;let s=V("div",{class:`part ${t}`});this.fills.set(t,s),this.bar.append(s)}fill(t){let i=this.shown;this.shown=t;let{parts:n,total:s,state:u,percent:c}=t;
for(let[p]of Ws){let d=n[p];this.counts.get(p).textContent=d.toLocaleString("en"),this.counts.get(p).parentElement.hidden=d===0&&p!=="answered";let h=this.fills.
get(p);h?.classList.toggle("some",d>0),h!==void 0&&(h.style.flexGrow=String(s===0?0:d/s))}this.bar.setAttribute("aria-valuenow",String(c)),this.bar.setAttribute(
"aria-valuetext",`${c}%, ${t.says}`),this.root.dataset.state=u,this.state.textContent=t.says,this.server.textContent=t.server,this.fillFigures(t.figures),(i===null||
i.warnings.length!==t.warnings.length||this.warnings.childElementCount===0)&&(this.warnings.replaceChildren(...t.warnings.map(p=>V("li",{},p))),this.warnings.hidden=
t.warnings.length===0),this.tellButtons(),this.tell(t)}fillFigures(t){for(;this.figures.childElementCount<t.length;){let i=V("div",{class:"meter",role:"meter","\
aria-label":"spent of the budget","aria-valuemin":0,"aria-valuemax":100},V("div"));this.figures.append(V("div",{},V("dt"),V("dd",{},V("div",{class:"value"}),i,V(
"div",{class:"note"}))))}t.forEach((i,n)=>{let s=this.figures.children[n];kn(s.querySelector("dt"),i.name),kn(s.querySelector(".value"),i.value),kn(s.querySelector(
".note"),i.note);let u=s.querySelector(".meter");u.hidden=i.used===null;let c=Math.round(Math.min(1,i.used??0)*100);u.setAttribute("aria-valuenow",String(c)),u.
classList.toggle("near",(i.used??0)>=.8),u.firstElementChild.style.width=`${c}%`})}tellButtons(){let t=this.shown?.state??"running";kn(this.pauseButton.firstChild,
t==="paused"?"Go on":"Pause");let i=t==="ending";i&&this.root.contains(document.activeElement)&&this.root.focus({preventScroll:!0}),this.pauseButton.disabled=i,
this.cancelButton.disabled=i}tell({state:t,says:i,percent:n}){let s=Math.floor(n/Gs)*Gs,u=`${t} ${s}`;u!==this.told&&(this.told=u,this.heard.textContent=`${i}, ${s}\
% done`)}async turn(){this.busy||this.pauseButton.disabled||this.shown===null||await this.during(this.shown.state==="paused"?"go_on":"pause")}async cancel(){this.
cancelButton.disabled||(this.shown!==null&&this.fill({...this.shown,state:"ending",says:"Stopping; what is answered is kept"}),await this.during("cancel"))}async during(t){
this.busy=!0,this.said.textContent="";try{await this.kernel.ask(t)}catch(i){if(!(i instanceof Yl))throw i;this.said.textContent=i.message}finally{this.busy=!1}}};
function kn(e,t){e.textContent!==t&&(e.textContent=t)}var qu=Ns((e,t,i)=>new Ei(e,t,i));export{qu as default};
