import{c as i}from"./main-4HTYND7I.js";import{a}from"./main-step-XOBIXWMF.js";await a(i,async(o,r)=>(await import("./deploy-UESQXOCZ.js")).deployService(o,r));
