var e={testUrl:null,testHost:null,testServerName:null,testHeaders:{}};export{e as a};
