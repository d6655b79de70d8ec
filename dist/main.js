import{c as i}from"./main-AMJYBSGF.js";import{a}from"./main-step-A33PCZX4.js";await a(i,async(o,r)=>(await import("./deploy-WTTTXYHL.js")).deployService(o,r));
