import{c as i}from"./main-FSFASGOJ.js";import{a}from"./main-step-SP3PRREC.js";await a(i,async(o,r)=>(await import("./deploy-O6VLDVOM.js")).deployService(o,r));
