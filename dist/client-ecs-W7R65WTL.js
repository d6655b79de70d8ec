import{A as r,B as m,w as e,z as o}from"./client-ecs-JPIZZ5SI.js";var p=class extends o(r,m,"TagResource",e){};export{p as a};
