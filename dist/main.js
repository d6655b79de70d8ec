import{c as i}from"./main-PZRDA73I.js";import{a}from"./main-step-C44L3ZYD.js";await a(i,async(o,r)=>(await import("./deploy-ABZ4FSV4.js")).deployService(o,r));
