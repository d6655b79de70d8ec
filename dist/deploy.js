import{a as o}from"./deploy-JUJLD4NJ.js";import{a as i}from"./main-step-J5LOPW2U.js";await i(o,async(r,t)=>(await import("./deploy-DQ7IA5QG.js")).deployServices(r,t));
