import{c as i}from"./main-FSFASGOJ.js";import{a}from"./main-step-CKICGFL3.js";await a(i,async(o,r)=>(await import("./deploy-ID2EZPDJ.js")).deployService(o,r));
