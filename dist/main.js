import{c as i}from"./main-FSFASGOJ.js";import{a}from"./main-step-47SKRRWO.js";await a(i,async(o,r)=>(await import("./deploy-XNV6U2NV.js")).deployService(o,r));
