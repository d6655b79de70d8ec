var n=3*6e4,p=90*1e3,s=5*1e3,E=10*1e3,r=10*1e3,L=5*1e3,e=E+r,x=5*6e4;export{n as a,p as b,s as c,r as d,L as e,e as f,x as g};
