import{a as o}from"./deploy-JUJLD4NJ.js";import{a as i}from"./main-step-HHGXOJSY.js";await i(o,async(r,t)=>(await import("./deploy-UG3EC7UL.js")).deployServices(r,t));
