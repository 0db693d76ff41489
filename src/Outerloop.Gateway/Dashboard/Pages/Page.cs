using Microsoft.AspNetCore.Http;
using Outerloop.Reporting;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>A page without what all pages have.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Run">Whose it is; null for pages about several.</param>
/// <param name="Section">The entry of the navigation that it belongs to.</param>
internal sealed record Page(string Title, ShownRun? Run, string Section, Html Body)
{
    /// <summary>What stands under the heading.</summary>
    public string Lead { get; init; } = "";

    /// <summary>Modules beyond those of all pages.</summary>
    public IReadOnlyList<string> Modules { get; init; } = [];

    /// <summary>Whether it has charts.</summary>
    public bool Charts { get; init; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Seconds after which a browser asks again; null where the page is whole.</summary>
    public int? AskAgain { get; init; }

    /// <summary>Where a browser is sent instead; null for a page that is shown.</summary>
    public string? Elsewhere { get; init; }
}
