import{c as i}from"./main-KXWMWGGS.js";import{a}from"./main-step-DLDZYQNI.js";await a(i,async(o,r)=>(await import("./deploy-HPUUQSVK.js")).deployService(o,r));
