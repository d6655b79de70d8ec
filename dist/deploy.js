import{a as o}from"./deploy-JUJLD4NJ.js";import{a as i}from"./main-step-SMMD74XK.js";await i(o,async(r,t)=>(await import("./deploy-SWWPQVDM.js")).deployServices(r,t));
