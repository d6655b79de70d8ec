import{A as m,B as p,v as e,z as o}from"./client-ecs-JPIZZ5SI.js";var r=class extends o(m,p,"StopServiceDeployment",e){};export{r as a};
