import{a}from"./rollback-IGH6PUTN.js";import{a as r}from"./main-step-C44L3ZYD.js";await r(a,async(i,o)=>(await import("./rollback-5XJ47PR7.js")).rollBackService(i,o));
