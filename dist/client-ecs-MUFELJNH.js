import{A as e,B as s,o as t,r as m,z as r}from"./client-ecs-JPIZZ5SI.js";var o=class extends r(e,s,"ListClusters",t){};var p=class extends r(e,s,"ListServices",m){};export{o as a,p as b};
