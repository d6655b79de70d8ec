import{c as i}from"./main-4HTYND7I.js";import{a}from"./main-step-XOBIXWMF.js";await a(i,async(o,r)=>(await import("./deploy-5H5EF6JF.js")).deployService(o,r));
