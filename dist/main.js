import{c as i}from"./main-KXWMWGGS.js";import{a}from"./main-step-HHGXOJSY.js";await a(i,async(o,r)=>(await import("./deploy-UG3EC7UL.js")).deployService(o,r));
