import{c as i}from"./main-KXWMWGGS.js";import{a}from"./main-step-6OCCPVOU.js";await a(i,async(o,r)=>(await import("./deploy-QDPBJXUG.js")).deployService(o,r));
