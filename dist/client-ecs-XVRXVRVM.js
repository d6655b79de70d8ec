import{A as m,B as o,l as e,z as r}from"./client-ecs-JPIZZ5SI.js";var s=class extends r(m,o,"DescribeServices",e){};export{s as a};
