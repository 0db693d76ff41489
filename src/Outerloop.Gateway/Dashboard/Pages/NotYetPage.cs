using Microsoft.AspNetCore.Http;
using Outerloop.Reporting;
using static System.FormattableString;

namespace Outerloop.Gateway.Dashboard.Pages;

/// <summary>Stands for a page until its figures are there, and says how far they are; the browser asks again by itself.</summary>
internal static class NotYetPage
{
    private const int AskAgain = 2;

    /// <summary>Before so much is done the time left is a guess.</summary>
    private const double Enough = 0.1;

    /// <param name="run">Whose page; null for one about several.</param>
    /// <param name="section">The entry of the navigation that the page belongs to.</param>
    /// <param name="what">That is computed, in words.</param>
    /// <param name="computing">How far it is.</param>
    public static Page Of(ShownRun? run, string section, string what, Computing computing)
    {
        double share = computing.Share is > 0 and <= 1 and var known ? known : 0;
        string left = share < Enough ? "" : Invariant($" About {Math.Ceiling((1 - share) / share * computing.For.TotalSeconds)} s are left.");
        Html value = share > 0 ? Html.Of($" value=\"{Invariant($"{share:0.00}")}\"") : default;
        Html body = Html.Of($"""
            <p class="note" role="status">{what} for the first time, since {Invariant($"{Math.Ceiling(computing.For.TotalSeconds)}")} s.{left} This page comes when they are there.</p>
            <progress max="1"{value} aria-label="How far they are"></progress>
            """);
        return new Page("Not yet", run, section, body) { Status = StatusCodes.Status503ServiceUnavailable, AskAgain = AskAgain };
    }
}
