import{c as i}from"./main-4HTYND7I.js";import{a}from"./main-step-XOBIXWMF.js";await a(i,async(o,r)=>(await import("./deploy-IFVBRL2V.js")).deployService(o,r));
