using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Outerloop.Gateway.Endpoints;

internal static class ReadRoutes
{
    /// <summary>What can be read can also be asked for without its body.</summary>
    public static void MapRead(this IEndpointRouteBuilder routes, string path, RequestDelegate read) =>
        routes.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], read);
}
