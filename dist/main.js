import{c as i}from"./main-PIU47BEX.js";import{a}from"./main-step-D5U2CMNG.js";await a(i,async(o,r)=>(await import("./deploy-P4JCL6MO.js")).deployService(o,r));
