import{a as o}from"./deploy-CGZJV5VR.js";import{a as i}from"./main-step-SNZNJL7F.js";await i(o,async(r,t)=>(await import("./deploy-JDEJNNHS.js")).deployServices(r,t));
