import{a as o}from"./deploy-JUJLD4NJ.js";import{a as i}from"./main-step-DLDZYQNI.js";await i(o,async(r,t)=>(await import("./deploy-HPUUQSVK.js")).deployServices(r,t));
