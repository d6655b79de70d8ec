import{A as o,B as r,m as e,z as i}from"./client-ecs-JPIZZ5SI.js";var m=class extends i(o,r,"DescribeTaskDefinition",e){};export{m as a};
