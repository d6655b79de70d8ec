import{A as r,B as m,x as e,z as o}from"./client-ecs-JPIZZ5SI.js";var t=class extends o(r,m,"UntagResource",e){};export{t as a};
