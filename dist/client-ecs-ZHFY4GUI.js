import{A as r,B as e,n as m,t as o,z as s}from"./client-ecs-JPIZZ5SI.js";var t=class extends s(r,e,"DescribeTasks",m){};var p=class extends s(r,e,"ListTasks",o){};export{t as a,p as b};
