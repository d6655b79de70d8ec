import{a as o}from"./deploy-JUJLD4NJ.js";import{a as i}from"./main-step-6OCCPVOU.js";await i(o,async(r,t)=>(await import("./deploy-QDPBJXUG.js")).deployServices(r,t));
